// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

// The least that reading many devices can cost: libmodbus and epoll, one thread, nothing decoded, nothing checked.
//
// Every connection is asked for its blocks once an interval, one request in flight at a time, the connections' phases
// spread evenly over the interval. Prints one "key value" pair a line.

#define _GNU_SOURCE
#include <errno.h>
#include <modbus/modbus.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <time.h>

enum { STRIDE = 1000 };

typedef struct {
    modbus_t *context;
    int64_t due;    // when the scan that runs, or the last one, was due
    int block;      // the block that is asked for; -1 between scans
} connection;

typedef struct {
    int blocks, registers;
    int64_t interval, settle, measured;  // nanoseconds
    const char *ports;
} options;

static connection connections[FD_SETSIZE];
static int connection_count;
static int64_t *latenesses;
static size_t lateness_count, lateness_capacity;
static long transactions, overruns;
static bool is_measuring;

static void fail(const char *what) {
    fprintf(stderr, "floor: %s: %s\n", what, modbus_strerror(errno));
    exit(3);
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void ask(connection *connection, const options *options) {
    int address = connection->block * STRIDE, count = options->registers;
    uint8_t request[6] = {
        1, 3, (uint8_t)(address >> 8), (uint8_t)address, (uint8_t)(count >> 8), (uint8_t)count,
    };
    if (modbus_send_raw_request(connection->context, request, sizeof request) < 0) fail("send");
}

static void take(connection *connection, const options *options) {
    uint8_t reply[MODBUS_TCP_MAX_ADU_LENGTH];
    if (modbus_receive_confirmation(connection->context, reply) != 9 + 2 * options->registers) fail("receive");
    transactions++;
    if (++connection->block < options->blocks) {
        ask(connection, options);
        return;
    }
    connection->block = -1;
    if (is_measuring && lateness_count < lateness_capacity) latenesses[lateness_count++] = now() - connection->due;
}

// Asks everyone whose turn has come. The dues are in the order of the connections, so one place is all the state.
static int64_t ask_the_due(const options *options, int64_t start) {
    static int next;
    static int64_t round;
    while (true) {
        int64_t due = start + round * options->interval + options->interval * next / connection_count;
        if (due > now()) return due;
        connection *connection = &connections[next];
        if (connection->block >= 0) {
            overruns++;
        } else {
            connection->due = due;
            connection->block = 0;
            ask(connection, options);
        }
        if (++next == connection_count) {
            next = 0;
            round++;
        }
    }
}

static void run(int epoll, const options *options, int64_t start, int64_t until) {
    struct epoll_event events[64];
    while (true) {
        int64_t due = ask_the_due(options, start), present = now();
        if (present >= until) return;
        int64_t wait = (due < until ? due : until) - present;
        if (wait < 0) wait = 0;
        struct timespec limit = {wait / 1000000000, wait % 1000000000};
        int count = epoll_pwait2(epoll, events, 64, &limit, NULL);
        for (int i = 0; i < count; i++) take(&connections[events[i].data.u32], options);
    }
}

static void connect_all(int epoll, const options *options) {
    FILE *ports = fopen(options->ports, "r");
    int port;
    if (ports == NULL) fail(options->ports);
    while (connection_count < FD_SETSIZE && fscanf(ports, "%d", &port) == 1) {
        modbus_t *context = modbus_new_tcp("127.0.0.1", port);
        if (context == NULL || modbus_connect(context) < 0) fail("connect");
        // libmodbus waits with select(2): a higher descriptor would be written beyond its set.
        if (modbus_get_socket(context) >= FD_SETSIZE) {
            fprintf(stderr, "floor: too many connections for select(2)\n");
            exit(1);
        }
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)connection_count};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, modbus_get_socket(context), &event) < 0) fail("epoll_ctl");
        connections[connection_count++] = (connection){context, 0, -1};
    }
    fclose(ports);
    if (connection_count == 0) fail("no ports");
}

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

static int by_size(const void *left, const void *right) {
    int64_t difference = *(const int64_t *)left - *(const int64_t *)right;
    return (difference > 0) - (difference < 0);
}

static double lateness(double share) {
    if (lateness_count == 0) return 0;
    size_t place = (size_t)(share * (double)(lateness_count - 1));
    return (double)latenesses[place] / 1e3;
}

static void measure(int epoll, const options *options) {
    struct rusage before, after;
    int64_t start = now();
    lateness_capacity = (size_t)connection_count * (size_t)(options->measured / options->interval + 2);
    latenesses = calloc(lateness_capacity, sizeof *latenesses);
    if (latenesses == NULL) fail("memory");
    run(epoll, options, start, start + options->settle);
    long already = transactions;
    is_measuring = true;
    getrusage(RUSAGE_SELF, &before);
    int64_t window = now();
    run(epoll, options, start, start + options->settle + options->measured);
    int64_t end = now();
    getrusage(RUSAGE_SELF, &after);
    qsort(latenesses, lateness_count, sizeof *latenesses, by_size);
    printf("transactions %ld\n", transactions - already);
    printf("user_seconds %.6f\n", seconds(after.ru_utime) - seconds(before.ru_utime));
    printf("system_seconds %.6f\n", seconds(after.ru_stime) - seconds(before.ru_stime));
    printf("window_start %lld\nwindow_end %lld\n", (long long)window, (long long)end);
    printf("peak_kib %ld\n", after.ru_maxrss);
    printf("lateness_p50_us %.1f\nlateness_p99_us %.1f\n", lateness(0.5), lateness(0.99));
    printf("overruns %ld\n", overruns);
}

int main(int count, char **arguments) {
    options options = {4, 125, 1000000000, 3000000000, 10000000000, NULL};
    for (int i = 1; i + 1 < count; i += 2) {
        const char *name = arguments[i], *value = arguments[i + 1];
        if (strcmp(name, "--ports") == 0) options.ports = value;
        else if (strcmp(name, "--blocks") == 0) options.blocks = atoi(value);
        else if (strcmp(name, "--registers") == 0) options.registers = atoi(value);
        else if (strcmp(name, "--interval") == 0) options.interval = atoll(value) * 1000000;
        else if (strcmp(name, "--settle") == 0) options.settle = atoll(value) * 1000000000;
        else if (strcmp(name, "--seconds") == 0) options.measured = atoll(value) * 1000000000;
    }
    if (options.ports == NULL || options.blocks < 1 || options.registers < 1 || options.registers > 125) {
        fprintf(stderr, "usage: floor --ports FILE [--blocks N] [--registers N] [--interval MILLISECONDS] "
                        "[--settle SECONDS] [--seconds N]\n");
        return 2;
    }
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) fail("epoll");
    connect_all(epoll, &options);
    measure(epoll, &options);
    return 0;
}

// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

// Serves many Modbus/TCP endpoints from one thread, cheaply enough that a client's cost is what a run shows.
//
// Every endpoint is a listening port of 127.0.0.1. Register a holds 100 + a % 1000; from 60000 on there are 16
// registers an endpoint that keep what is written. Replies come at once or after a fixed delay. Some endpoints can
// be black holes: every other one accepts connections and never answers, the rest do not even accept.
//
// The arrival of every request is kept in memory and written out at the end, as records of 16 bytes in the machine's
// byte order: nanoseconds of CLOCK_MONOTONIC (int64), endpoint (uint32), address (uint16), function (uint16).

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PERIOD = 1000, LONGEST = 125, FRAME = 260, WRITABLE = 60000, WRITABLE_COUNT = 16, RING = 1 << 16 };

typedef struct {
    int64_t time;
    uint32_t endpoint;
    uint16_t address, function;
} record;

typedef struct {
    bool is_open, is_listener, is_black_hole;
    uint32_t endpoint, generation;
    int used;
    uint8_t buffer[2 * FRAME];
} channel;

typedef struct {
    int64_t due;
    int socket;
    uint32_t generation;
    int length;
    uint8_t bytes[FRAME];
} pending;

static volatile sig_atomic_t is_stopping;
static uint8_t canned[2 * (PERIOD + LONGEST)];
static uint8_t (*written)[2 * WRITABLE_COUNT];
static channel *channels;  // by descriptor
static record *records;
static size_t record_count, record_capacity;
static pending *ring;
static unsigned ring_head, ring_tail;
static int64_t delay;

static void fail(const char *what) {
    perror(what);
    exit(3);
}

static void stop(int number) {
    (void)number;
    is_stopping = 1;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void note(int64_t time, uint32_t endpoint, uint16_t address, uint16_t function) {
    if (record_count == record_capacity) {
        record_capacity = record_capacity ? 2 * record_capacity : 1 << 18;
        records = realloc(records, record_capacity * sizeof *records);
        if (records == NULL) fail("records");
    }
    records[record_count++] = (record){time, endpoint, address, function};
}

static int word(const uint8_t *bytes) { return bytes[0] << 8 | bytes[1]; }

static int exception(uint8_t *reply, int code) {
    reply[7] |= 0x80;
    reply[8] = (uint8_t)code;
    return 9;
}

// Fills in a reply to a whole request. Returns its length.
static int answer(const channel *channel, const uint8_t *request, uint8_t *reply) {
    int address = word(request + 8), count = word(request + 10);
    uint8_t *store = written[channel->endpoint];
    bool is_written = address >= WRITABLE && address < WRITABLE + WRITABLE_COUNT;
    memcpy(reply, request, 12);
    switch (request[7]) {
        case 3:
        case 4:
            if (count < 1 || count > LONGEST) return exception(reply, 3);
            if (is_written && address + count > WRITABLE + WRITABLE_COUNT) return exception(reply, 2);
            reply[8] = (uint8_t)(2 * count);
            memcpy(reply + 9, is_written ? store + 2 * (address - WRITABLE) : canned + 2 * (address % PERIOD),
                   (size_t)(2 * count));
            return 9 + 2 * count;
        case 6:
            if (!is_written) return exception(reply, 2);
            memcpy(store + 2 * (address - WRITABLE), request + 10, 2);
            return 12;
        case 16:
            if (!is_written || address + count > WRITABLE + WRITABLE_COUNT) return exception(reply, 2);
            memcpy(store + 2 * (address - WRITABLE), request + 13, (size_t)(2 * count));
            return 12;
        default:
            return exception(reply, 1);
    }
}

static void end(int socket) {
    channels[socket].is_open = false;
    channels[socket].generation++;
    close(socket);
}

static void deliver(int socket, const uint8_t *bytes, int length) {
    if (send(socket, bytes, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT) != length) end(socket);
}

static void serve(int socket, int64_t time) {
    channel *channel = &channels[socket];
    ssize_t taken = recv(socket, channel->buffer + channel->used, sizeof channel->buffer - (size_t)channel->used, 0);
    if (taken < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (taken <= 0) {
        end(socket);
        return;
    }
    channel->used += (int)taken;
    if (channel->is_black_hole) channel->used = 0;
    int start = 0;
    while (channel->used - start >= 12) {
        uint8_t *request = channel->buffer + start;
        int length = 6 + word(request + 4);
        if (length < 12 || length > FRAME) {
            end(socket);
            return;
        }
        if (channel->used - start < length) break;
        start += length;
        note(time, channel->endpoint, (uint16_t)word(request + 8), request[7]);
        pending *slot = &ring[ring_tail % RING];
        int reply = answer(channel, request, slot->bytes);
        slot->bytes[4] = (uint8_t)((reply - 6) >> 8);
        slot->bytes[5] = (uint8_t)(reply - 6);
        if (delay == 0) {
            deliver(socket, slot->bytes, reply);
            if (!channel->is_open) return;
        } else {
            if (ring_tail - ring_head == RING - 1) fail("more replies wait than there is room for");
            slot->due = time + delay;
            slot->socket = socket;
            slot->generation = channel->generation;
            slot->length = reply;
            ring_tail++;
        }
    }
    memmove(channel->buffer, channel->buffer + start, (size_t)(channel->used - start));
    channel->used -= start;
}

static void watch(int epoll, int socket, uint32_t endpoint, bool is_listener, bool is_black_hole) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
    channel *channel = &channels[socket];
    channel->is_open = true;
    channel->is_listener = is_listener;
    channel->is_black_hole = is_black_hole;
    channel->endpoint = endpoint;
    channel->used = 0;
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) < 0) fail("epoll_ctl");
}

static int listen_on_loopback(bool is_refusing, uint16_t *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 ||
        listen(listener, is_refusing ? 0 : 16) < 0 || getsockname(listener, (struct sockaddr *)&address, &length) < 0)
        fail("listen");
    *port = ntohs(address.sin_port);
    // A full queue of connections that nobody accepts makes the kernel drop every further attempt.
    for (int i = 0; is_refusing && i < 2; i++) {
        int filler = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (connect(filler, (struct sockaddr *)&address, length) < 0 && errno != EINPROGRESS) fail("connect");
    }
    return listener;
}

static void open_endpoints(int epoll, int endpoints, int black_holes, const char *ports_path) {
    FILE *ports = fopen(ports_path, "w");
    if (ports == NULL) fail(ports_path);
    for (int i = 0, holes = 0; i < endpoints; i++) {
        bool is_black_hole = black_holes > 0 && (int64_t)(i + 1) * black_holes / endpoints > holes;
        bool is_refusing = is_black_hole && holes % 2 == 1;
        holes += is_black_hole;
        uint16_t port;
        int listener = listen_on_loopback(is_refusing, &port);
        if (!is_refusing) watch(epoll, listener, (uint32_t)i, true, is_black_hole);
        fprintf(ports, "%u\n", port);
    }
    if (fclose(ports) != 0) fail(ports_path);
}

static void deal_with(int epoll, int socket, int64_t time) {
    if (!channels[socket].is_open) return;
    if (!channels[socket].is_listener) {
        serve(socket, time);
        return;
    }
    int accepted = accept4(socket, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0) return;
    int on = 1;
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(epoll, accepted, channels[socket].endpoint, false, channels[socket].is_black_hole);
}

static void run(int epoll) {
    struct epoll_event events[256];
    while (!is_stopping) {
        struct timespec limit, *wait = NULL;
        if (ring_head != ring_tail) {
            int64_t left = ring[ring_head % RING].due - now();
            if (left < 0) left = 0;
            limit = (struct timespec){left / 1000000000, left % 1000000000};
            wait = &limit;
        }
        int count = epoll_pwait2(epoll, events, 256, wait, NULL);
        if (count < 0 && errno != EINTR) fail("epoll_pwait2");
        int64_t time = now();
        for (int i = 0; i < count; i++) deal_with(epoll, events[i].data.fd, time);
        while (ring_head != ring_tail && ring[ring_head % RING].due <= now()) {
            pending *reply = &ring[ring_head++ % RING];
            const channel *channel = &channels[reply->socket];
            if (!channel->is_open || channel->generation != reply->generation) continue;
            deliver(reply->socket, reply->bytes, reply->length);
        }
    }
}

static void write_records(const char *path) {
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(records, sizeof *records, record_count, file) != record_count || fclose(file) != 0)
        fail(path);
}

int main(int count, char **arguments) {
    int endpoints = 0, black_holes = 0;
    const char *ports = NULL, *log = NULL;
    for (int i = 1; i + 1 < count; i += 2) {
        const char *name = arguments[i], *value = arguments[i + 1];
        if (strcmp(name, "--endpoints") == 0) endpoints = atoi(value);
        else if (strcmp(name, "--black-holes") == 0) black_holes = atoi(value);
        else if (strcmp(name, "--delay") == 0) delay = (int64_t)atoi(value) * 1000;
        else if (strcmp(name, "--ports") == 0) ports = value;
        else if (strcmp(name, "--log") == 0) log = value;
    }
    if (endpoints < 1 || ports == NULL || log == NULL) {
        fprintf(stderr, "usage: load-server --endpoints N --ports FILE --log FILE [--black-holes N] "
                        "[--delay MICROSECONDS]\n");
        return 2;
    }
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);

    int capacity = 4 * endpoints + 64;
    for (int i = 0; i < PERIOD + LONGEST; i++) {
        canned[2 * i] = (uint8_t)((100 + i % PERIOD) >> 8);
        canned[2 * i + 1] = (uint8_t)(100 + i % PERIOD);
    }
    written = calloc((size_t)endpoints, sizeof *written);
    channels = calloc((size_t)capacity, sizeof *channels);
    ring = calloc(RING, sizeof *ring);
    if (written == NULL || channels == NULL || ring == NULL) fail("memory");
    limit.rlim_cur = (rlim_t)capacity < limit.rlim_max ? (rlim_t)capacity : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);  // no descriptor is ever beyond the table of channels

    int epoll = epoll_create1(EPOLL_CLOEXEC);
    open_endpoints(epoll, endpoints, black_holes, ports);
    printf("ready\n");
    fflush(stdout);
    run(epoll);
    write_records(log);
    return 0;
}

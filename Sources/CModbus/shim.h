// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

// libmodbus and the few Linux calls that multiplex its connections, with what must be known of them.
//
// libmodbus frames; sockets, waiting and time stay with the caller. Traps of libmodbus that this file knows:
//  - modbus_send_raw_request always sends transaction id 0 (up to 3.1.10), so the 7-byte header is written here.
//  - Receiving waits with select(2): FD_SET of a descriptor >= FD_SETSIZE (1024) overflows and aborts. So frames
//    of such a socket are received over one reserved low descriptor onto which it is dup3()ed: a "lane", one per
//    thread.
//  - Receiving believes the byte count in the frame and blocks for bytes that never come, and never looks at the
//    length in the header. So a frame is peeked at and verified as whole before libmodbus may read it.
//  - modbus_receive takes only 8 bytes of a request whose function it does not know and leaves the rest in the
//    stream: such a request must be taken with cmodbus_discard and answered with cmodbus_reply_exception.
//  - modbus_reply sleeps for the response time-out and flushes the stream when a count is illegal (hence the
//    1 us time-out of a lane), and is not to be trusted with a count or length that was not checked before.
//  - modbus_close and modbus_free do not know that the lane's descriptor is ours: only cmodbus_lane_close ends it.
//
// Closing a socket, in this order: out of epoll, cmodbus_lane_release, close. A duplicate on the lane would keep
// the connection and its epoll registration alive.
//
// Every function returns -1 with errno set where it fails, unless it says otherwise. None of them blocks, except
// cmodbus_resolve and cmodbus_wait.

#ifndef THERMOCLINE_CMODBUS_SHIM_H
#define THERMOCLINE_CMODBUS_SHIM_H

#include <modbus/modbus.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Bytes of the header in front of function and data: transaction id, protocol id, length, unit.
#define CMODBUS_HEADER_LENGTH 7
// Bytes of the longest frame: header and 253 bytes of function and data.
#define CMODBUS_MAXIMUM_FRAME 260
// Descriptors from 0 that no socket of ours takes. Those from here to FD_SETSIZE spare a lane's dup3 for each frame.
#define CMODBUS_LOW_DESCRIPTORS 256
// How long sent bytes may stay unacknowledged before the kernel ends a client's connection.
#define CMODBUS_ACKNOWLEDGE_MILLISECONDS 10000

// ---------------------------------------------------------------------------------------------------------------
// Lane: a libmodbus context with its reserved low descriptor. Not thread-safe: one per thread.

typedef struct cmodbus_lane {
    modbus_t *context;
    int descriptor;  // below FD_SETSIZE; refers to /dev/null while no socket is on it
    int parking;     // /dev/null
    int held;        // the socket that `descriptor` duplicates now, -1 for none
} cmodbus_lane;

static inline void cmodbus_lane_close(cmodbus_lane *lane) {
    if (lane->context != NULL) {
        modbus_set_socket(lane->context, -1);
        modbus_free(lane->context);
    }
    if (lane->descriptor >= 0) close(lane->descriptor);
    if (lane->parking >= 0) close(lane->parking);
    lane->context = NULL;
    lane->descriptor = lane->parking = lane->held = -1;
}

// Opens a lane. EMFILE where no descriptor below FD_SETSIZE is free.
static inline int cmodbus_lane_open(cmodbus_lane *lane) {
    lane->context = modbus_new_tcp("127.0.0.1", MODBUS_TCP_DEFAULT_PORT);  // never connected by libmodbus
    lane->descriptor = lane->parking = lane->held = -1;
    if (lane->context == NULL) return -1;
    lane->parking = open("/dev/null", O_RDWR | O_CLOEXEC);
    lane->descriptor = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (lane->parking < 0 || lane->descriptor < 0 || lane->descriptor >= FD_SETSIZE) {
        int cause = lane->descriptor >= FD_SETSIZE ? EMFILE : errno;
        cmodbus_lane_close(lane);
        errno = cause;
        return -1;
    }
    // Whole frames only ever arrive here, so no time-out is ever waited for: these bound a mistake.
    modbus_set_response_timeout(lane->context, 0, 1);
    modbus_set_byte_timeout(lane->context, 0, 1);
    modbus_set_indication_timeout(lane->context, 0, 1);
    modbus_set_error_recovery(lane->context, MODBUS_ERROR_RECOVERY_NONE);
    modbus_set_socket(lane->context, lane->descriptor);
    return 0;
}

// Takes a socket off the lane; to be called before the socket is closed.
static inline void cmodbus_lane_release(cmodbus_lane *lane, int socket) {
    if (lane->held != socket) return;
    dup3(lane->parking, lane->descriptor, O_CLOEXEC);
    lane->held = -1;
}

// Hands a socket to libmodbus: as it is where select(2) can wait for it, else on the lane.
static inline int cmodbus_lane_hold(cmodbus_lane *lane, int socket) {
    if (socket < FD_SETSIZE) return modbus_set_socket(lane->context, socket);
    if (lane->held != socket) {
        lane->held = -1;
        if (dup3(socket, lane->descriptor, O_CLOEXEC) < 0) return -1;
        lane->held = socket;
    }
    return modbus_set_socket(lane->context, lane->descriptor);
}

// ---------------------------------------------------------------------------------------------------------------
// Frames. `frame` always has room for CMODBUS_MAXIMUM_FRAME bytes.

// Copies what has arrived without taking it out of the stream. 0: the peer has closed. EAGAIN: nothing is there.
static inline ssize_t cmodbus_peek(int socket, uint8_t *frame) {
    return recv(socket, frame, CMODBUS_MAXIMUM_FRAME, MSG_PEEK | MSG_DONTWAIT);
}

// Takes `count` bytes, at most CMODBUS_MAXIMUM_FRAME, out of the stream unread. Returns how many there were.
static inline ssize_t cmodbus_discard(int socket, int count) {
    uint8_t scratch[CMODBUS_MAXIMUM_FRAME];
    if (count < 0 || count > CMODBUS_MAXIMUM_FRAME) {
        errno = EINVAL;
        return -1;
    }
    return recv(socket, scratch, (size_t)count, MSG_DONTWAIT);
}

// Sends a request: unit, function and data (2 to 254 bytes) behind a header with this transaction id.
static inline int cmodbus_send(
    cmodbus_lane *lane, int socket, uint16_t transaction, const uint8_t *request, int length
) {
    if (length < 2 || length > MODBUS_MAX_PDU_LENGTH + 1) {
        errno = EINVAL;
        return -1;
    }
#if LIBMODBUS_VERSION_CHECK(3, 1, 11)
    modbus_set_socket(lane->context, socket);
    int sent = modbus_send_raw_request_tid(lane->context, request, length, transaction);
    modbus_set_socket(lane->context, lane->descriptor);
    return sent;
#else
    (void)lane;
    uint8_t frame[CMODBUS_MAXIMUM_FRAME] = {
        (uint8_t)(transaction >> 8), (uint8_t)transaction, 0, 0, (uint8_t)(length >> 8), (uint8_t)length,
    };
    memcpy(frame + 6, request, (size_t)length);
    ssize_t sent = send(socket, frame, (size_t)(6 + length), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0 && sent != 6 + length) {  // a few bytes into an empty buffer: the connection is of no more use
        errno = EMBBADDATA;
        return -1;
    }
    return (int)sent;
#endif
}

// Sends a read of `count` registers or bits from `address`.
static inline int cmodbus_send_read(
    cmodbus_lane *lane, int socket, uint16_t transaction, uint8_t unit, uint8_t function, uint16_t address,
    uint16_t count
) {
    uint8_t request[6] = {
        unit, function, (uint8_t)(address >> 8), (uint8_t)address, (uint8_t)(count >> 8), (uint8_t)count,
    };
    return cmodbus_send(lane, socket, transaction, request, 6);
}

// Client: receives a reply that was peeked at and found whole. Returns its length with header.
static inline int cmodbus_receive_confirmation(cmodbus_lane *lane, int socket, uint8_t *frame) {
    if (cmodbus_lane_hold(lane, socket) < 0) return -1;
    return modbus_receive_confirmation(lane->context, frame);
}

// Server: receives a request that was peeked at and found whole and of function 1-6, 15, 16, 22 or 23, its header
// length, count and byte count all agreeing. Returns its length with header.
static inline int cmodbus_receive_indication(cmodbus_lane *lane, int socket, uint8_t *frame) {
    if (cmodbus_lane_hold(lane, socket) < 0) return -1;
    return modbus_receive(lane->context, frame);
}

// Server: answers a received and verified request from the tables of `mapping`. Returns the bytes sent.
static inline int cmodbus_reply(
    cmodbus_lane *lane, int socket, const uint8_t *frame, int length, modbus_mapping_t *mapping
) {
    if (cmodbus_lane_hold(lane, socket) < 0) return -1;
    return modbus_reply(lane->context, frame, length, mapping);
}

// Server: answers a request, of which at least header and function are in `frame`, with an exception (1 to 11).
static inline int cmodbus_reply_exception(cmodbus_lane *lane, int socket, const uint8_t *frame, unsigned int code) {
    if (cmodbus_lane_hold(lane, socket) < 0) return -1;
    return modbus_reply_exception(lane->context, frame, code);
}

// Turns `count` registers of a reply (high byte first) into words.
static inline void cmodbus_words(const uint8_t *bytes, int count, uint16_t *words) {
    for (int i = 0; i < count; i++) words[i] = (uint16_t)((bytes[2 * i] << 8) | bytes[2 * i + 1]);
}

// Turns `count` coils or discrete inputs of a reply (lowest bit first) into words of 0 or 1.
static inline void cmodbus_bits(const uint8_t *bytes, int count, uint16_t *words) {
    for (int i = 0; i < count; i++) words[i] = (bytes[i / 8] >> (i % 8)) & 1;
}

// ---------------------------------------------------------------------------------------------------------------
// Sockets: non-blocking, closed on exec, no Nagle delay.

typedef struct cmodbus_address {
    struct sockaddr_storage storage;
    socklen_t length;
} cmodbus_address;

static inline int cmodbus_lookup(const char *host, uint16_t port, int flags, cmodbus_address *address) {
    char service[8];
    struct addrinfo hints = {.ai_flags = flags | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    snprintf(service, sizeof service, "%u", (unsigned)port);
    if (getaddrinfo(host, service, &hints, &list) != 0 || list == NULL) {
        errno = EHOSTUNREACH;
        return -1;
    }
    memcpy(&address->storage, list->ai_addr, list->ai_addrlen);
    address->length = list->ai_addrlen;
    freeaddrinfo(list);
    return 0;
}

// Reads an IPv4 or IPv6 address in digits. Fails where `host` is a name.
static inline int cmodbus_numeric_address(const char *host, uint16_t port, cmodbus_address *address) {
    return cmodbus_lookup(host, port, AI_NUMERICHOST, address);
}

// Looks a name up. Blocks for as long as the resolver likes.
static inline int cmodbus_resolve(const char *host, uint16_t port, cmodbus_address *address) {
    return cmodbus_lookup(host, port, AI_ADDRCONFIG, address);
}

static inline void cmodbus_no_delay(int socket) {
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// Moves a socket out of the lowest descriptors, where the limit of open files allows it, so that many sockets do not
// use up what lanes and others who wait with select(2) need. Returns the socket.
static inline int cmodbus_keep_low_free(int socket) {
    int high = socket >= CMODBUS_LOW_DESCRIPTORS ? -1 : fcntl(socket, F_DUPFD_CLOEXEC, CMODBUS_LOW_DESCRIPTORS);
    if (high < 0) return socket;
    close(socket);
    return high;
}

// Starts a connection. Returns the socket; the outcome shows when it becomes writable, in cmodbus_socket_error.
static inline int cmodbus_connect(const cmodbus_address *address) {
    int s = socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s < 0) return -1;
    s = cmodbus_keep_low_free(s);
    cmodbus_no_delay(s);
    // A host that vanishes is noticed by its missing acknowledgements, however few requests are sent to it.
    unsigned int patience = CMODBUS_ACKNOWLEDGE_MILLISECONDS;
    setsockopt(s, IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
    if (connect(s, (const struct sockaddr *)&address->storage, address->length) < 0 && errno != EINPROGRESS) {
        int cause = errno;
        close(s);
        errno = cause;
        return -1;
    }
    return s;
}

// The errno of a socket's pending error, 0 for none.
static inline int cmodbus_socket_error(int socket) {
    int error = 0;
    socklen_t length = sizeof error;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) < 0 ? errno : error;
}

// Server: listens on an address; port 0 takes a free one. Returns the socket.
static inline int cmodbus_listen(const cmodbus_address *address, int backlog) {
    int on = 1;
    int s = socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s < 0) return -1;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(s, (const struct sockaddr *)&address->storage, address->length) < 0 || listen(s, backlog) < 0) {
        int cause = errno;
        close(s);
        errno = cause;
        return -1;
    }
    return s;
}

// The port a socket is bound to, 0 where there is none.
static inline uint16_t cmodbus_local_port(int socket) {
    struct sockaddr_storage storage;
    socklen_t length = sizeof storage;
    if (getsockname(socket, (struct sockaddr *)&storage, &length) < 0) return 0;
    if (storage.ss_family == AF_INET6) return ntohs(((struct sockaddr_in6 *)&storage)->sin6_port);
    return storage.ss_family == AF_INET ? ntohs(((struct sockaddr_in *)&storage)->sin_port) : 0;
}

// Server: accepts a connection. EAGAIN: there is none.
static inline int cmodbus_accept(int listener) {
    int s = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (s < 0) return -1;
    s = cmodbus_keep_low_free(s);
    cmodbus_no_delay(s);
    return s;
}

// ---------------------------------------------------------------------------------------------------------------
// Waiting.

typedef struct cmodbus_event {
    uint64_t token;
    uint32_t readiness;
} cmodbus_event;

static const uint32_t cmodbus_readable = EPOLLIN;
static const uint32_t cmodbus_writable = EPOLLOUT;
static const uint32_t cmodbus_hung_up = EPOLLHUP | EPOLLERR | EPOLLRDHUP;
// One event per arrival: a half frame that stays in the stream does not raise events again and again.
static const uint32_t cmodbus_edge_triggered = EPOLLET;

static inline int cmodbus_epoll_open(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int cmodbus_epoll_add(int epoll, int descriptor, uint32_t readiness, uint64_t token) {
    struct epoll_event event = {.events = readiness, .data.u64 = token};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

static inline int cmodbus_epoll_modify(int epoll, int descriptor, uint32_t readiness, uint64_t token) {
    struct epoll_event event = {.events = readiness, .data.u64 = token};
    return epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event);
}

static inline int cmodbus_epoll_remove(int epoll, int descriptor) {
    return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL);
}

// Waits for events at most `nanoseconds` (-1 for ever). Returns how many there are, 0 after the time-out or a signal.
static inline int cmodbus_wait(int epoll, cmodbus_event *events, int capacity, int64_t nanoseconds) {
    struct epoll_event ready[64];
    struct timespec limit = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    if (capacity > 64) capacity = 64;
    int count = epoll_pwait2(epoll, ready, capacity, nanoseconds < 0 ? NULL : &limit, NULL);
    if (count < 0 && (errno == ENOSYS || errno == EPERM)) {  // kernels before 5.11: whole milliseconds, rounded up
        int64_t milliseconds = nanoseconds < 0 ? -1 : (nanoseconds + 999999) / 1000000;
        count = epoll_wait(epoll, ready, capacity, milliseconds > 60000 ? 60000 : (int)milliseconds);
    }
    if (count < 0) return errno == EINTR ? 0 : -1;
    for (int i = 0; i < count; i++) {
        events[i].token = ready[i].data.u64;
        events[i].readiness = ready[i].events;
    }
    return count;
}

// A descriptor that another thread can make readable.
static inline int cmodbus_bell_open(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

static inline void cmodbus_bell_ring(int bell) {
    uint64_t one = 1;
    ssize_t written = write(bell, &one, sizeof one);
    (void)written;  // full only while it rings already
}

static inline void cmodbus_bell_silence(int bell) {
    uint64_t count;
    ssize_t taken = read(bell, &count, sizeof count);
    (void)taken;
}

// Nanoseconds of a clock that only ever goes forward.
static inline int64_t cmodbus_monotonic(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Gives the calling thread a name that top -H shows; 15 characters of it.
static inline void cmodbus_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

// ---------------------------------------------------------------------------------------------------------------
// The process's limit of open files.

// Raises the soft limit to at least `wanted`. Returns the soft limit that holds afterwards, at least `wanted` where
// the hard limit allows it.
static inline uint64_t cmodbus_raise_file_limit(uint64_t wanted) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return 0;
    if (limit.rlim_cur >= wanted) return limit.rlim_cur;
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? before : limit.rlim_cur;
}

#endif

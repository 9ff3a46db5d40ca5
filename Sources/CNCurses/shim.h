// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

// ncurses with wide characters, one terminal, one thread.
//
// What must be known of it:
//  - initscr ends the process where TERM is unknown; newterm returns NULL, so that is what is called here.
//  - It installs handlers of its own for SIGINT and SIGTERM that call endwin inside the handler and exit with 1.
//    It leaves signals alone that are not at their default, so cncurses_open sets handlers first: they only note the
//    signal's number, and the caller ends in its own time. SIGWINCH and SIGTSTP stay with ncurses.
//  - Number formatting follows LC_NUMERIC, so only LC_CTYPE is ever set.
//  - getch keeps saying ERR where the terminal is gone: cncurses_read looks at the descriptor itself.
//  - The state below is static, so one Swift file alone includes this header, or each would have its own.
//  - stdscr and friends are globals, and most calls are macros: what Swift needs is wrapped below.

#ifndef THERMOCLINE_CNCURSES_SHIM_H
#define THERMOCLINE_CNCURSES_SHIM_H

#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// Results of cncurses_read.
#define CNCURSES_NOTHING 0
#define CNCURSES_CHARACTER 1
#define CNCURSES_KEY 2
#define CNCURSES_SIGNAL 3
#define CNCURSES_GONE 4

// Bits of an appearance; the colour (1-7, 0 for the terminal's own) stands in the low three bits.
#define CNCURSES_BOLD 8
#define CNCURSES_FAINT 16
#define CNCURSES_UNDERLINED 32
#define CNCURSES_REVERSE 64

static volatile sig_atomic_t cncurses_signal_number = 0;
static SCREEN *cncurses_screen = NULL;

static void cncurses_note_signal(int number) { cncurses_signal_number = number; }

// The codeset of the user's locale, after LC_CTYPE was set from the environment.
static inline const char *cncurses_codeset(void) {
    setlocale(LC_CTYPE, "");
    return nl_langinfo(CODESET);
}

// Gives the terminal back as it was; harmless where it was never taken.
static inline void cncurses_close(void) {
    if (cncurses_screen == NULL) return;
    endwin();
    delscreen(cncurses_screen);
    cncurses_screen = NULL;
}

// Takes the terminal of standard input and output; returns -1 where TERM is unknown.
static inline int cncurses_open(int colours) {
    struct sigaction action = {0};
    action.sa_handler = cncurses_note_signal;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    cncurses_screen = newterm(NULL, stdout, stdin);
    if (cncurses_screen == NULL) return -1;
    atexit(cncurses_close);
    cbreak();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    set_escdelay(25);
    curs_set(0);
    if (colours && has_colors()) {
        start_color();
        use_default_colors();
        for (short colour = 1; colour < 8; colour++) init_pair(colour, colour, -1);
    }
    return 0;
}

static inline int cncurses_columns(void) { return getmaxx(stdscr); }
static inline int cncurses_rows(void) { return getmaxy(stdscr); }
static inline void cncurses_erase(void) { werase(stdscr); }
static inline void cncurses_show(void) { wrefresh(stdscr); }

// Writes text in the locale's encoding at a place; what does not fit is cut by ncurses.
static inline void cncurses_put(int row, int column, const char *text, int length, int appearance) {
    attr_t attributes = A_NORMAL;
    if (appearance & CNCURSES_BOLD) attributes |= A_BOLD;
    if (appearance & CNCURSES_FAINT) attributes |= A_DIM;
    if (appearance & CNCURSES_UNDERLINED) attributes |= A_UNDERLINE;
    if (appearance & CNCURSES_REVERSE) attributes |= A_REVERSE;
    wattr_set(stdscr, attributes, (short)(appearance & 7), NULL);
    mvwaddnstr(stdscr, row, column, text, length);
    wattr_set(stdscr, A_NORMAL, 0, NULL);
}

// Waits for a character or a function key; its code goes to `value`.
static inline int cncurses_read(int milliseconds, uint32_t *value) {
    wint_t code = 0;
    // Bytes that ncurses holds already cannot be seen by poll, so it is asked before and after.
    for (int attempt = 0; attempt < 2; attempt++) {
        if (cncurses_signal_number != 0) {
            *value = (uint32_t)cncurses_signal_number;
            return CNCURSES_SIGNAL;
        }
        wtimeout(stdscr, 0);
        int kind = wget_wch(stdscr, &code);
        if (kind != ERR) {
            *value = (uint32_t)code;
            return kind == KEY_CODE_YES ? CNCURSES_KEY : CNCURSES_CHARACTER;
        }
        if (attempt == 1) break;
        struct pollfd wait = {.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
        int ready = poll(&wait, 1, milliseconds);
        if (ready > 0 && (wait.revents & (POLLHUP | POLLERR | POLLNVAL))) return CNCURSES_GONE;
    }
    return CNCURSES_NOTHING;
}

#endif

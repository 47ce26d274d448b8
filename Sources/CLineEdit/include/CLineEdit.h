// What the shell needs of libedit, in a form that Swift can call.
//
// Swift can call neither variadic functions (`el_set`, `el_wset`) nor name `FILE` streams safely, and a signal handler
// must be C. Everything that decides anything is on the Swift side: this file forwards.
//
// Text crosses the boundary as Unicode scalar values in 32 bits, which is what `wchar_t` holds on every system that
// libedit's wide interface is used on here.

#ifndef CLINEEDIT_H
#define CLINEEDIT_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

// The commands of the shell that keys are bound to. libedit reports each by its number.
enum cledit_command {
  CLEDIT_ENTER = 0,
  CLEDIT_NEWLINE = 1,
  CLEDIT_INTERRUPT = 2,
  CLEDIT_INTERRUPTED = 3,
  CLEDIT_END = 4,
  CLEDIT_UP = 5,
  CLEDIT_DOWN = 6,
  CLEDIT_SEARCH = 7,
  CLEDIT_PASTE = 8,
  CLEDIT_SUSPEND = 9
};

// What a command answers: how libedit goes on. The values are those of `histedit.h`.
enum cledit_outcome {
  CLEDIT_NOTHING = 0,
  CLEDIT_FINISH = 1,
  CLEDIT_LEAVE = 2,
  CLEDIT_REFRESH = 4,
  CLEDIT_MOVE_CURSOR = 5,
  CLEDIT_BEEP = 6,
  CLEDIT_REFRESH_AND_BEEP = 9
};

// Sequences no keyboard sends. A command pushes one to let libedit run its own command next, since a program cannot
// call those.
enum cledit_step {
  // Moves below the entry and ends it.
  CLEDIT_STEP_FINISH = 0,
  // Runs `CLEDIT_INTERRUPTED`, after the cursor was drawn at the end of the entry.
  CLEDIT_STEP_INTERRUPTED = 1,
  // Deletes the character under the cursor.
  CLEDIT_STEP_DELETE = 2
};

typedef struct cledit cledit;

// Reads one character for libedit. Returns 1 and fills `scalar`, 0 at the end of input, -1 on an error.
typedef int (*cledit_read_function)(void *owner, uint32_t *scalar);

// Runs one of the shell's commands. Returns a `cledit_outcome`.
typedef int (*cledit_command_function)(void *owner, int command);

// Sets the character type of the locale from the environment, and to C.UTF-8 when that is not a UTF-8 one: without it
// libedit draws every character beyond ASCII as an escape.
void cledit_set_locale(void);

// Opens an editor that reads from `input` and draws on `output`, both terminals that stay the caller's. `owner` is
// handed to both functions. Returns NULL when there is no memory, no libedit, or the terminal is of no use.
cledit *cledit_open(int input, int output, void *owner, cledit_read_function read, cledit_command_function command);

// Closes the editor and puts the terminal back into the mode it had when the editor was opened.
void cledit_close(cledit *editor);

// Copies the prompt. It is drawn from the next line on.
void cledit_set_prompt(cledit *editor, const uint32_t *scalars, size_t count);

// Binds all keys of the shell, again and again: libedit rebinds control keys when the terminal's special characters
// have changed.
void cledit_bind_keys(cledit *editor, unsigned char interrupt_key);

// Edits one entry until a command finishes it. Returns the number of scalars, or -1 at the end or on an error.
int cledit_read_entry(cledit *editor);

// The text being edited, valid until the next call; `cursor` counts scalars before the cursor.
const uint32_t *cledit_text(cledit *editor, size_t *count, size_t *cursor);

// Inserts before the cursor. Returns 0, or -1 when there is no memory.
int cledit_insert(cledit *editor, const uint32_t *scalars, size_t count);
void cledit_delete_before_cursor(cledit *editor, int count);
void cledit_move_cursor(cledit *editor, int distance);
void cledit_push(cledit *editor, int step);

// Puts the terminal into editing mode (1) or back (0).
void cledit_prepare_terminal(cledit *editor, int editing);

// Learns the terminal's size anew.
void cledit_resize(cledit *editor);

// Draws the entry again, as if the cursor stood where the prompt begins.
void cledit_redraw(cledit *editor);

// Forgets the state of a broken-off entry.
void cledit_reset(cledit *editor);

// Writes bytes in order with what libedit draws.
void cledit_write(cledit *editor, const char *bytes, size_t count);

// Cells that the scalar takes on a terminal; 0 or less for what does not show.
int cledit_width(uint32_t scalar);

// Columns and rows of a terminal. Returns 0, or -1 when the descriptor is no terminal.
int cledit_window_size(int descriptor, int *columns, int *rows);

// Writes out what C's standard output still holds back.
void cledit_flush_standard_output(void);

// One signal's way into a pipe, and what was there before it. Routes of one signal nest: the last begun is ended first.
typedef struct {
  int signal;
  int64_t previous_target;
  struct sigaction previous_action;
} cledit_route;

// From now on the signal writes `tag` to `descriptor`, the non-blocking end of a pipe. A signal that was ignored stays
// ignored when `keep_ignored` is set (a program under nohup must not begin to end on SIGHUP). Returns 1 when the route
// was laid, 0 when it was not.
int cledit_route_begin(cledit_route *route, int signal, int descriptor, uint8_t tag, int keep_ignored);
void cledit_route_end(const cledit_route *route);

// A pipe whose ends are closed on exec and whose writing end never blocks. Returns 0, or -1 with `errno`.
int cledit_pipe(int *reading, int *writing);

// Creates a file for the caller alone, whatever the umask. `path` ends in `XXXXXX`, which is filled in. Returns the
// descriptor, or -1 with `errno`.
int cledit_create_private_file(char *path);

#endif

// A program on a pseudo-terminal of its own, for tests.

#ifndef CPSEUDOTERMINAL_H
#define CPSEUDOTERMINAL_H

#include <sys/types.h>
#include <termios.h>

// A child and the ends that its parent holds. -1 stands for an end that is not there.
typedef struct {
  pid_t process;
  // The terminal as its person sees it: reading gives what the program draws, writing are keys.
  int master;
  // The program's side, kept open so that the terminal's mode outlives the program.
  int slave;
  // Comes to its end when the program does.
  int life;
  // What the program writes to its standard output, when that is a pipe.
  int output;
  // The terminal's mode before the program started.
  struct termios initial;
} pty_child;

// Where a child's standard input and output go.
enum { PTY_TERMINAL = -1, PTY_PIPE = -2 };

// Starts the program with the pseudo-terminal as its controlling terminal, all signals at their default, and no other
// descriptors than the three standard ones. `input` is PTY_TERMINAL or a descriptor, `output` PTY_TERMINAL or PTY_PIPE.
// Returns 0, or -1 with `errno`.
int pty_spawn(pty_child *child, const char *path, char *const arguments[], char *const environment[], int columns,
              int rows, int input, int output);

int pty_resize(int master, int columns, int rows);

// Starts the program without a terminal, with the three streams as its standard ones, all signals at their default, and in
// `folder` unless that is NULL. Returns 0 or an `errno`.
int plain_spawn(pid_t *process, const char *path, char *const arguments[], char *const environment[],
                const int streams[3], const char *folder);

// A pipe whose ends are closed on exec. Returns 0, or -1 with `errno`.
int pty_pipe(int *reading, int *writing);

#endif

// posix_openpt, fork and exec. Between fork and exec only functions that POSIX allows there are called.

#define _GNU_SOURCE
#include "CPseudoTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

int pty_resize(int master, int columns, int rows) {
  struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
  return ioctl(master, TIOCSWINSZ, &size);
}

int pty_pipe(int *reading, int *writing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  *reading = ends[0];
  *writing = ends[1];
  return 0;
}

static void close_if_open(int descriptor) {
  if (descriptor >= 0) close(descriptor);
}

static int open_terminal(pty_child *child, int columns, int rows) {
  child->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (child->master < 0 || grantpt(child->master) != 0 || unlockpt(child->master) != 0) return -1;
  char name[128];
  if (ptsname_r(child->master, name, sizeof name) != 0) return -1;
  child->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (child->slave < 0 || tcgetattr(child->slave, &child->initial) != 0) return -1;
  return pty_resize(child->master, columns, rows);
}

static void default_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
}

static void run_child(const pty_child *child, const char *path, char *const arguments[], char *const environment[],
                      int input, int output, int life) {
  default_signals();
  if (setsid() < 0 || ioctl(child->slave, TIOCSCTTY, 0) != 0) _exit(125);
  if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(child->slave, 2) < 0) _exit(125);
  // Stays open until the program ends, which is how its parent learns of that.
  if (dup2(life, 3) < 0) _exit(125);
  execve(path, arguments, environment);
  _exit(126);
}

int pty_spawn(pty_child *child, const char *path, char *const arguments[], char *const environment[], int columns,
              int rows, int input, int output) {
  *child = (pty_child){.process = -1, .master = -1, .slave = -1, .life = -1, .output = -1};
  int life = -1, written = -1;
  int failed = open_terminal(child, columns, rows) != 0 || pty_pipe(&child->life, &life) != 0 ||
               (output == PTY_PIPE && pty_pipe(&child->output, &written) != 0);
  if (!failed) {
    child->process = fork();
    if (child->process == 0) {
      run_child(child, path, arguments, environment, input >= 0 ? input : child->slave,
                written >= 0 ? written : child->slave, life);
    }
    failed = child->process < 0;
  }
  int saved = errno;
  close_if_open(life);
  close_if_open(written);
  if (failed) {
    close_if_open(child->master);
    close_if_open(child->slave);
    close_if_open(child->life);
    close_if_open(child->output);
  }
  errno = saved;
  return failed ? -1 : 0;
}

int plain_spawn(pid_t *process, const char *path, char *const arguments[], char *const environment[],
                const int streams[3], const char *folder) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int code = posix_spawn_file_actions_init(&actions);
  if (code != 0) return code;
  code = posix_spawnattr_init(&attributes);
  if (code != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return code;
  }
  for (int number = 0; number < 3 && code == 0; number++) {
    code = posix_spawn_file_actions_adddup2(&actions, streams[number], number);
  }
  if (code == 0 && folder != NULL) code = posix_spawn_file_actions_addchdir_np(&actions, folder);
  if (code == 0) code = posix_spawnattr_setsigmask(&attributes, &none);
  if (code == 0) code = posix_spawnattr_setsigdefault(&attributes, &all);
  if (code == 0) code = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (code == 0) code = posix_spawn(process, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

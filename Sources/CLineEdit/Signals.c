// Signals into pipes. The handler does nothing but write one byte, which is among the few things a handler may do.

#define _GNU_SOURCE
#include "CLineEdit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// Where each signal goes: the descriptor and the tag in one word, so that the handler never sees half of a change.
// Zero means nowhere; hence the descriptor is kept plus one.
static _Atomic int64_t targets[NSIG];

static int64_t target_of(int descriptor, uint8_t tag) { return ((int64_t)descriptor + 1) << 8 | tag; }

static void forward(int signal) {
  int saved = errno;
  int64_t target = atomic_load(&targets[signal]);
  if (target != 0) {
    uint8_t tag = (uint8_t)(target & 0xff);
    // A full pipe already says all there is to say.
    ssize_t written = write((int)(target >> 8) - 1, &tag, 1);
    (void)written;
  }
  errno = saved;
}

int cledit_route_begin(cledit_route *route, int signal, int descriptor, uint8_t tag, int keep_ignored) {
  if (signal <= 0 || signal >= NSIG) return 0;
  route->signal = signal;
  if (sigaction(signal, NULL, &route->previous_action) != 0) return 0;
  if (keep_ignored && route->previous_action.sa_handler == SIG_IGN) return 0;
  route->previous_target = atomic_exchange(&targets[signal], target_of(descriptor, tag));
  struct sigaction action = {.sa_handler = forward, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  if (sigaction(signal, &action, NULL) != 0) {
    atomic_store(&targets[signal], route->previous_target);
    return 0;
  }
  return 1;
}

void cledit_route_end(const cledit_route *route) {
  sigaction(route->signal, &route->previous_action, NULL);
  atomic_store(&targets[route->signal], route->previous_target);
}

int cledit_pipe(int *reading, int *writing) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
  *reading = ends[0];
  *writing = ends[1];
  return 0;
}

int cledit_create_private_file(char *path) {
  int descriptor = mkostemp(path, O_CLOEXEC);
  if (descriptor >= 0 && fchmod(descriptor, 0600) != 0) {
    int saved = errno;
    close(descriptor);
    unlink(path);
    errno = saved;
    return -1;
  }
  return descriptor;
}

// The editor: opens libedit with dlopen when a prompt begins, forwards to it, and turns its callbacks into two functions
// with an owner. A run of a script needs no editor, and loading this library and the four that it needs takes as long as
// a short script.

#define _GNU_SOURCE
#include "CLineEdit.h"

#include <dlfcn.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

_Static_assert(sizeof(wchar_t) == sizeof(uint32_t), "text crosses as 32-bit scalars");

static struct {
  EditLine *(*init_fd)(const char *, FILE *, FILE *, FILE *, int, int, int);
  void (*end)(EditLine *);
  void (*reset)(EditLine *);
  void (*resize)(EditLine *);
  int (*set)(EditLine *, int, ...);
  int (*wset)(EditLine *, int, ...);
  int (*get)(EditLine *, int, ...);
  const wchar_t *(*wgets)(EditLine *, int *);
  const LineInfoW *(*wline)(EditLine *);
  int (*winsertstr)(EditLine *, const wchar_t *);
  void (*deletestr)(EditLine *, int);
  int (*cursor)(EditLine *, int);
  void (*wpush)(EditLine *, const wchar_t *);
} el;

static pthread_once_t load_once = PTHREAD_ONCE_INIT;
static int is_loaded = 0;

// POSIX guarantees that a data pointer from dlsym can hold a function's address; ISO C has no cast for it, hence the
// detour.
static int find(void *library, const char *name, void **slot) {
  *slot = dlsym(library, name);
  return *slot != NULL;
}

#define FIND(field) find(library, "el_" #field, (void **)&el.field)

static void load(void) {
  void *library = dlopen("libedit.so.2", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) library = dlopen("libedit.so.0", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return;
  is_loaded = FIND(init_fd) && FIND(end) && FIND(reset) && FIND(resize) && FIND(set) && FIND(wset) && FIND(get) &&
              FIND(wgets) && FIND(wline) && FIND(winsertstr) && FIND(deletestr) && FIND(cursor) && FIND(wpush);
}

struct cledit {
  EditLine *editor;
  FILE *input;
  FILE *output;
  wchar_t *prompt;
  void *owner;
  cledit_read_function read;
  cledit_command_function command;
};

static cledit *owner_of(EditLine *line) {
  void *owner = NULL;
  el.get(line, EL_CLIENTDATA, &owner);
  return owner;
}

static wchar_t *current_prompt(EditLine *line) {
  static wchar_t none[] = L"";
  cledit *editor = owner_of(line);
  return editor != NULL && editor->prompt != NULL ? editor->prompt : none;
}

static int read_character(EditLine *line, wchar_t *character) {
  cledit *editor = owner_of(line);
  uint32_t scalar = 0;
  int count = editor->read(editor->owner, &scalar);
  *character = (wchar_t)scalar;
  return count;
}

// libedit hands a command only the key, so each command needs a function of its own.
#define COMMAND(name, number)                                   \
  static unsigned char name(EditLine *line, wint_t character) { \
    (void)character;                                            \
    cledit *editor = owner_of(line);                            \
    return (unsigned char)editor->command(editor->owner, number); \
  }

COMMAND(run_enter, CLEDIT_ENTER)
COMMAND(run_newline, CLEDIT_NEWLINE)
COMMAND(run_interrupt, CLEDIT_INTERRUPT)
COMMAND(run_interrupted, CLEDIT_INTERRUPTED)
COMMAND(run_end, CLEDIT_END)
COMMAND(run_up, CLEDIT_UP)
COMMAND(run_down, CLEDIT_DOWN)
COMMAND(run_search, CLEDIT_SEARCH)
COMMAND(run_paste, CLEDIT_PASTE)
COMMAND(run_suspend, CLEDIT_SUSPEND)

typedef unsigned char (*command_function)(EditLine *, wint_t);

// libedit keeps the names by reference, hence constants.
static const struct {
  const wchar_t *name;
  const wchar_t *summary;
  command_function function;
} commands[] = {
    {L"lis-enter", L"End the entry, or continue it on a new line", run_enter},
    {L"lis-newline", L"Continue the entry on a new line", run_newline},
    {L"lis-interrupt", L"Give the entry up", run_interrupt},
    {L"lis-interrupted", L"End an entry that was given up", run_interrupted},
    {L"lis-end", L"Leave, or delete the character under the cursor", run_end},
    {L"lis-up", L"The line above, or the previous entry", run_up},
    {L"lis-down", L"The line below, or the next entry", run_down},
    {L"lis-search", L"The previous entry that contains the text", run_search},
    {L"lis-paste", L"Insert pasted text without running it", run_paste},
    {L"lis-suspend", L"Stop the program until the shell continues it", run_suspend},
};

static const struct {
  const char *key;
  const char *command;
} bindings[] = {
    {"^M", "lis-enter"},
    {"^J", "lis-enter"},
    {"\\e^M", "lis-newline"},
    {"\\e^J", "lis-newline"},
    {"^C", "lis-interrupt"},
    {"^D", "lis-end"},
    {"^Z", "lis-suspend"},
    {"^P", "lis-up"},
    {"^N", "lis-down"},
    {"^R", "lis-search"},
    {"\\e[A", "lis-up"},
    {"\\eOA", "lis-up"},
    {"\\e[B", "lis-down"},
    {"\\eOB", "lis-down"},
    {"\\e[3~", "ed-delete-next-char"},
    {"\\e[H", "ed-move-to-beg"},
    {"\\eOH", "ed-move-to-beg"},
    {"\\e[1~", "ed-move-to-beg"},
    {"\\e[F", "ed-move-to-end"},
    {"\\eOF", "ed-move-to-end"},
    {"\\e[4~", "ed-move-to-end"},
    {"\\e[1;5D", "ed-prev-word"},
    {"\\e[1;5C", "em-next-word"},
    {"\\e[200~", "lis-paste"},
    {"\\e[7001~", "ed-newline"},
    {"\\e[7002~", "lis-interrupted"},
    {"\\e[7003~", "ed-delete-next-char"},
};

static const wchar_t *const steps[] = {L"\033[7001~", L"\033[7002~", L"\033[7003~"};

#define COUNT(table) (sizeof table / sizeof table[0])

void cledit_set_locale(void) {
  setlocale(LC_CTYPE, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
}

static FILE *stream_on(int descriptor, const char *mode) {
  int copy = dup(descriptor);
  if (copy < 0) return NULL;
  FILE *stream = fdopen(copy, mode);
  if (stream == NULL) close(copy);
  return stream;
}

static void configure(cledit *editor) {
  EditLine *line = editor->editor;
  el.set(line, EL_CLIENTDATA, editor);
  el.set(line, EL_SIGNAL, 0);
  el.wset(line, EL_EDITOR, L"emacs");
  el.wset(line, EL_PROMPT, current_prompt);
  el.wset(line, EL_GETCFN, read_character);
  // Ctrl-C, Ctrl-Z and Ctrl-\ are keys while editing, not signals; and a pasted line end of two characters must stay
  // told from two line ends.
  el.set(line, EL_SETTY, "-d", "-isig", "-icrnl", "-inlcr", NULL);
  for (size_t i = 0; i < COUNT(commands); i++) {
    el.wset(line, EL_ADDFN, commands[i].name, commands[i].summary, commands[i].function);
  }
}

cledit *cledit_open(int input, int output, void *owner, cledit_read_function read, cledit_command_function command) {
  pthread_once(&load_once, load);
  if (!is_loaded) return NULL;
  cledit *editor = calloc(1, sizeof *editor);
  if (editor == NULL) return NULL;
  editor->owner = owner;
  editor->read = read;
  editor->command = command;
  editor->input = stream_on(input, "r");
  editor->output = stream_on(output, "w");
  if (editor->input != NULL && editor->output != NULL) {
    editor->editor = el.init_fd("lis", editor->input, editor->output, editor->output, input, output, output);
  }
  if (editor->editor == NULL) {
    cledit_close(editor);
    return NULL;
  }
  configure(editor);
  return editor;
}

void cledit_close(cledit *editor) {
  if (editor == NULL) return;
  if (editor->editor != NULL) el.end(editor->editor);
  if (editor->input != NULL) fclose(editor->input);
  if (editor->output != NULL) fclose(editor->output);
  free(editor->prompt);
  free(editor);
}

// Returns a copy that ends in a zero, as libedit wants its texts; zeros inside are left out.
static wchar_t *copy_of(const uint32_t *scalars, size_t count) {
  wchar_t *copy = calloc(count + 1, sizeof *copy);
  size_t length = 0;
  if (copy == NULL) return NULL;
  for (size_t i = 0; i < count; i++) {
    if (scalars[i] != 0) copy[length++] = (wchar_t)scalars[i];
  }
  return copy;
}

void cledit_set_prompt(cledit *editor, const uint32_t *scalars, size_t count) {
  wchar_t *copy = copy_of(scalars, count);
  if (copy == NULL) return;
  free(editor->prompt);
  editor->prompt = copy;
}

void cledit_bind_keys(cledit *editor, unsigned char interrupt_key) {
  for (size_t i = 0; i < COUNT(bindings); i++) {
    el.set(editor->editor, EL_BIND, bindings[i].key, bindings[i].command, NULL);
  }
  if (interrupt_key != 0 && interrupt_key < 0x20) {
    char key[] = {'^', (char)(interrupt_key + '@'), 0};
    el.set(editor->editor, EL_BIND, key, "lis-interrupt", NULL);
  }
}

int cledit_read_entry(cledit *editor) {
  int count = 0;
  const wchar_t *text = el.wgets(editor->editor, &count);
  return text == NULL && count <= 0 ? -1 : count;
}

const uint32_t *cledit_text(cledit *editor, size_t *count, size_t *cursor) {
  const LineInfoW *line = el.wline(editor->editor);
  *count = (size_t)(line->lastchar - line->buffer);
  *cursor = (size_t)(line->cursor - line->buffer);
  return (const uint32_t *)line->buffer;
}

int cledit_insert(cledit *editor, const uint32_t *scalars, size_t count) {
  wchar_t *copy = copy_of(scalars, count);
  if (copy == NULL) return -1;
  int result = copy[0] == 0 ? 0 : el.winsertstr(editor->editor, copy);
  free(copy);
  return result;
}

void cledit_delete_before_cursor(cledit *editor, int count) { el.deletestr(editor->editor, count); }

void cledit_move_cursor(cledit *editor, int distance) {
  // A distance of zero would only ask for the position.
  if (distance != 0) el.cursor(editor->editor, distance);
}

void cledit_push(cledit *editor, int step) {
  if (step >= 0 && (size_t)step < COUNT(steps)) el.wpush(editor->editor, steps[step]);
}

void cledit_prepare_terminal(cledit *editor, int editing) { el.set(editor->editor, EL_PREP_TERM, editing); }

void cledit_resize(cledit *editor) { el.resize(editor->editor); }

void cledit_redraw(cledit *editor) { el.set(editor->editor, EL_REFRESH, NULL); }

void cledit_reset(cledit *editor) { el.reset(editor->editor); }

void cledit_write(cledit *editor, const char *bytes, size_t count) {
  fwrite(bytes, 1, count, editor->output);
  fflush(editor->output);
}

int cledit_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

int cledit_window_size(int descriptor, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return -1;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return 0;
}

void cledit_flush_standard_output(void) { fflush(stdout); }

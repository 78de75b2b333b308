// Signals: ordinary ones become bits and a readable descriptor; fatal ones restore the terminal
// with async-signal-safe calls only, then take the course they would have taken.
#include "CNcurses.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int ordinary[] = {SIGWINCH, SIGTERM, SIGINT, SIGHUP, SIGTSTP, SIGCONT};
static const int fatal[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGSYS, SIGQUIT};
enum {
  ORDINARY = sizeof ordinary / sizeof ordinary[0],
  FATAL = sizeof fatal / sizeof fatal[0],
};

static struct sigaction before_ordinary[ORDINARY];
static struct sigaction before_fatal[FATAL];
static sigset_t mask_before;
static int wake_pipe[2] = {-1, -1};
static atomic_uint pending;

static struct {
  atomic_bool is_armed;
  char reset[512];
  size_t count;
  struct termios modes;
  bool has_modes;
  int output;
  int standard_error;
  int diverted;
} rescue;

static void note_signal(int number) {
  int saved = errno;
  unsigned bit = 0;
  switch (number) {
    case SIGWINCH: bit = TERMINAL_RESIZED; break;
    case SIGTERM: case SIGINT: bit = TERMINAL_TERMINATE; break;
    case SIGHUP: bit = TERMINAL_HANGUP; break;
    case SIGTSTP: bit = TERMINAL_STOP; break;
    case SIGCONT: bit = TERMINAL_CONTINUED; break;
    default: break;
  }
  atomic_fetch_or(&pending, bit);
  // A full pipe already says what there is to say.
  ssize_t ignored = write(wake_pipe[1], "", 1);
  (void)ignored;
  errno = saved;
}

static void write_all(int descriptor, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= (size_t)written;
  }
}

static void replay_standard_error(void) {
  if (rescue.standard_error < 0) return;
  dup2(rescue.standard_error, STDERR_FILENO);
  if (rescue.diverted < 0) return;
  char bytes[1024];
  off_t offset = 0;
  ssize_t count;
  while ((count = pread(rescue.diverted, bytes, sizeof bytes, offset)) > 0) {
    write_all(STDERR_FILENO, bytes, (size_t)count);
    offset += count;
  }
}

static void restore_terminal(void) {
  if (!atomic_exchange(&rescue.is_armed, false)) return;
  write_all(rescue.output, rescue.reset, rescue.count);
  if (rescue.has_modes) tcsetattr(STDIN_FILENO, TCSANOW, &rescue.modes);
  replay_standard_error();
}

static void die_in_order(int number, siginfo_t *information, void *context) {
  (void)context;
  int saved = errno;
  restore_terminal();
  for (size_t i = 0; i < FATAL; i++) {
    if (fatal[i] == number) sigaction(number, &before_fatal[i], NULL);
  }
  // A fault happens again when its instruction is run again; a signal that was sent, or a
  // breakpoint that has been passed, does not.
  bool repeats = information->si_code > 0 && number != SIGTRAP;
  if (!repeats) raise(number);
  errno = saved;
}

// An overflowing stack has no room for a handler.
static void provide_signal_stack(void) {
  static char room[64 * 1024];
  stack_t current;
  if (sigaltstack(NULL, &current) != 0 || (current.ss_flags & SS_DISABLE) == 0) return;
  stack_t fresh = {.ss_sp = room, .ss_size = sizeof room};
  sigaltstack(&fresh, NULL);
}

static bool open_wake_pipe(void) {
  if (wake_pipe[0] >= 0) return true;
  return pipe2(wake_pipe, O_NONBLOCK | O_CLOEXEC) == 0;
}

bool terminal_remember_process(void) {
  rescue.has_modes = tcgetattr(STDIN_FILENO, &rescue.modes) == 0;
  for (size_t i = 0; i < ORDINARY; i++) sigaction(ordinary[i], NULL, &before_ordinary[i]);
  for (size_t i = 0; i < FATAL; i++) sigaction(fatal[i], NULL, &before_fatal[i]);
  return rescue.has_modes;
}

void terminal_restore_modes(void) {
  if (rescue.has_modes) tcsetattr(STDIN_FILENO, TCSANOW, &rescue.modes);
}

int terminal_catch_signals(void) {
  if (!open_wake_pipe()) return -1;
  atomic_store(&pending, 0);
  provide_signal_stack();
  struct sigaction note = {.sa_handler = note_signal, .sa_flags = 0};
  sigfillset(&note.sa_mask);
  for (size_t i = 0; i < ORDINARY; i++) sigaction(ordinary[i], &note, NULL);
  struct sigaction die = {.sa_sigaction = die_in_order, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&die.sa_mask);
  for (size_t i = 0; i < FATAL; i++) sigaction(fatal[i], &die, NULL);
  // Whoever started this process may have left signals blocked, a window's resize among them.
  sigset_t caught;
  sigemptyset(&caught);
  for (size_t i = 0; i < ORDINARY; i++) sigaddset(&caught, ordinary[i]);
  for (size_t i = 0; i < FATAL; i++) sigaddset(&caught, fatal[i]);
  pthread_sigmask(SIG_UNBLOCK, &caught, &mask_before);
  return wake_pipe[0];
}

void terminal_release_signals(void) {
  pthread_sigmask(SIG_SETMASK, &mask_before, NULL);
  for (size_t i = 0; i < ORDINARY; i++) sigaction(ordinary[i], &before_ordinary[i], NULL);
  for (size_t i = 0; i < FATAL; i++) sigaction(fatal[i], &before_fatal[i], NULL);
}

unsigned terminal_take_signals(void) {
  char bytes[64];
  while (wake_pipe[0] >= 0 && read(wake_pipe[0], bytes, sizeof bytes) > 0) {
  }
  return atomic_exchange(&pending, 0);
}

void terminal_stop_process(void) {
  struct sigaction ignored = {.sa_handler = SIG_IGN};
  struct sigaction standard = {.sa_handler = SIG_DFL};
  struct sigaction ours;
  // The rest of the job first; then this thread by name, because a signal for the whole process
  // may be taken by another thread after this one has gone on.
  sigaction(SIGTSTP, &ignored, &ours);
  kill(0, SIGTSTP);
  sigaction(SIGTSTP, &standard, NULL);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &ours, NULL);
  atomic_fetch_and(&pending, ~(unsigned)TERMINAL_CONTINUED);
}

void terminal_arm_rescue(
    const char *reset, size_t count, int output, int standard_error, int diverted) {
  static bool is_registered;
  if (!is_registered) {
    is_registered = true;
    atexit(restore_terminal);
  }
  if (count > sizeof rescue.reset) count = sizeof rescue.reset;
  atomic_store(&rescue.is_armed, false);
  memcpy(rescue.reset, reset, count);
  rescue.count = count;
  rescue.output = output;
  rescue.standard_error = standard_error;
  rescue.diverted = diverted;
  atomic_store(&rescue.is_armed, true);
}

void terminal_disarm_rescue(void) { atomic_store(&rescue.is_armed, false); }

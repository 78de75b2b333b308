#include "CNcurses.h"

#define NCURSES_WIDECHAR 1
#include <ncursesw/ncurses.h>

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

enum { STYLES = TERMINAL_STYLES, SCALARS_PER_CELL = 5 };
// A terminal that claims more has no window: newterm would ask for memory for each of its cells.
enum { GREATEST_ROWS = 1000, GREATEST_COLUMNS = 2000 };

static SCREEN *screen;
// Reading from a window would refresh it first; a pad is read without side effects.
static WINDOW *keys;
// What ncurses takes for the terminal: the terminal itself while modes change, and a file in memory
// while a frame is made, so that the frame leaves in one piece and a stuck terminal blocks nobody.
static FILE *channel;
static int gathered = -1;
// The terminal for our own writes.
static int output = -1;
static bool has_default_colors;
static bool cursor_is_visible;
static struct {
  attr_t attributes;
  short pair;
} styles[STYLES];
// Styles share their pairs of colours: a terminal of eight colours has 80 of them, its own colours
// included. There are no more pairs than styles.
static struct {
  int foreground;
  int background;
} pairs[STYLES];
static int pairs_used;

// Whether the environment names a character set, and it is not UTF-8.
static bool names_other_character_set(void) {
  static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
  for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
    const char *value = getenv(variables[i]);
    if (value == NULL || value[0] == 0) continue;
    const char *set = strchr(value, '.');
    return set != NULL && strncasecmp(set, ".UTF-8", 6) != 0 && strncasecmp(set, ".UTF8", 5) != 0;
  }
  return false;
}

enum terminal_characters terminal_choose_utf8_locale(void) {
  const char *chosen = setlocale(LC_CTYPE, "");
  if (chosen != NULL && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return TERMINAL_UTF8;
  // Nothing chosen, or a locale that is not installed, is not a choice of ASCII: over ssh the
  // variables are often lost, or name what only the other machine has.
  bool is_open = chosen == NULL || strcmp(chosen, "C") == 0 || strcmp(chosen, "POSIX") == 0;
  is_open = is_open && !names_other_character_set();
  // What goes out is UTF-8 or ASCII, which are the same in both.
  if (setlocale(LC_CTYPE, "C.UTF-8") == NULL) return TERMINAL_ASCII;
  return is_open ? TERMINAL_CHARACTERS_UNKNOWN : TERMINAL_OTHER_CHARACTERS;
}

static bool has_string(const char *capability) {
  const char *value = tigetstr(capability);
  return value != NULL && value != (const char *)-1 && value[0] != 0;
}

bool terminal_speaks_ansi(void) {
  return has_string("cup") && strncmp(tigetstr("cup"), "\033[", 2) == 0;
}

static void close_descriptor(int *descriptor) {
  if (*descriptor >= 0) close(*descriptor);
  *descriptor = -1;
}

static void close_output(void) {
  if (channel != NULL) fclose(channel);
  channel = NULL;
  close_descriptor(&gathered);
  close_descriptor(&output);
}

static bool open_output(void) {
  int copy = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  channel = copy >= 0 ? fdopen(copy, "w") : NULL;
  gathered = memfd_create("daybook-frame", MFD_CLOEXEC);
  // A description of its own may be non-blocking; the inherited one belongs to the shell as well.
  const char *name = ttyname(STDOUT_FILENO);
  if (name != NULL) output = open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (output < 0) output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  return channel != NULL && gathered >= 0 && output >= 0;
}

static void gather(void) { dup3(gathered, fileno(channel), O_CLOEXEC); }

static size_t end_gathering(void) {
  fflush(channel);
  dup3(STDOUT_FILENO, fileno(channel), O_CLOEXEC);
  off_t size = lseek(gathered, 0, SEEK_CUR);
  return size > 0 ? (size_t)size : 0;
}

size_t terminal_take_gathered(uint8_t *bytes, size_t capacity) {
  ssize_t count = pread(gathered, bytes, capacity, 0);
  if (ftruncate(gathered, 0) == 0) lseek(gathered, 0, SEEK_SET);
  return count > 0 ? (size_t)count : 0;
}

int terminal_output_descriptor(void) { return output; }

void terminal_raw_modes(void) {
  struct termios modes;
  if (tcgetattr(STDIN_FILENO, &modes) != 0) return;
  modes.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
  modes.c_iflag &= ~(tcflag_t)(IXON | ICRNL | INLCR | IGNCR);
  modes.c_cc[VMIN] = 0;
  modes.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

bool terminal_open_plain(void) {
  if (!open_output()) {
    close_output();
    return false;
  }
  terminal_raw_modes();
  return true;
}

void terminal_close_plain(void) { close_output(); }

// Some descriptions, the Linux console's among them, name no size, and newterm refuses them where it
// may not ask the terminal. It never may look at LINES and COLUMNS, which may be stale: and nobody
// writes into the environment, which other threads read.
static SCREEN *open_screen(const char *type) {
  struct winsize size = {0};
  bool is_sensible = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0
                     || (size.ws_row <= GREATEST_ROWS && size.ws_col <= GREATEST_COLUMNS);
  use_env(FALSE);
  use_tioctl(is_sensible);
  return newterm(type, channel, stdin);
}

enum terminal_open_result terminal_open(const char *type, int escape_delay_milliseconds) {
  if (!open_output()) {
    close_output();
    return TERMINAL_NO_DESCRIPTORS;
  }
  // terminal_resize follows.
  screen = open_screen(type);
  if (screen == NULL) {
    close_output();
    return TERMINAL_UNKNOWN_TYPE;
  }
  keys = newpad(1, 1);
  if (!has_string("cup") || keys == NULL) {
    endwin();
    terminal_close();
    return TERMINAL_TOO_SIMPLE;
  }
  set_escdelay(escape_delay_milliseconds);
  raw();
  noecho();
  nonl();
  typeahead(-1);
  keypad(keys, TRUE);
  nodelay(keys, TRUE);
  scrollok(stdscr, FALSE);
  // Reports of the mouse are bytes like others: ncurses would keep the beginning of them.
  define_key(NULL, KEY_MOUSE);
  // Where the cursor is looks like a function key with shift or alt, which does nothing here.
  define_key("\033[1;2R", 0);
  define_key("\033[1;3R", 0);
  has_default_colors = has_colors() && start_color() == OK && use_default_colors() == OK;
  cursor_is_visible = true;
  terminal_forget_styles();
  return TERMINAL_OPENED;
}

void terminal_close(void) {
  if (screen == NULL) return;
  if (keys != NULL) delwin(keys);
  delscreen(screen);
  screen = NULL;
  keys = NULL;
  close_output();
}

size_t terminal_leave(void) {
  gather();
  curs_set(1);
  endwin();
  return end_gathering();
}

void terminal_enter(void) {
  reset_prog_mode();
  // The cursor's visibility is unknown after another program had the terminal.
  cursor_is_visible = true;
  curs_set(1);
  clearok(curscr, TRUE);
}

void terminal_measure(int *rows, int *columns) {
  struct winsize size = {0};
  bool is_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0;
  *rows = is_known ? size.ws_row : (screen != NULL && LINES > 0 ? LINES : 24);
  *columns = is_known ? size.ws_col : (screen != NULL && COLS > 0 ? COLS : 80);
}

// Terminal descriptions may hold padding such as $<20/>, which is not for sending as it is.
static size_t append_without_padding(char *bytes, size_t used, size_t capacity, const char *text) {
  if (text == NULL || text == (const char *)-1) return used;
  while (*text != 0 && used < capacity) {
    const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
    if (end != NULL) {
      text = end + 1;
    } else {
      bytes[used++] = *text++;
    }
  }
  return used;
}

void terminal_resize(int rows, int columns) {
  resize_term(rows, columns);
  // newterm has set the scrolling region of the size it knew, and would leave it to the shell.
  if (has_string("csr")) {
    char region[64];
    char *made = tparm(tigetstr("csr"), 0, rows - 1, 0, 0, 0, 0, 0, 0, 0);
    size_t count = append_without_padding(region, 0, sizeof region, made);
    ssize_t ignored = write(fileno(channel), region, count);
    (void)ignored;
  }
  clearok(curscr, TRUE);
}

int terminal_colors(void) { return has_colors() ? COLORS : 0; }

// From term.h, whose macros take names such as columns and lines.
extern int setupterm(const char *type, int descriptor, int *error);

int terminal_colors_of(const char *type) {
  int result = 0;
  if (setupterm(type, STDOUT_FILENO, &result) != OK) return 0;
  int colors = tigetnum("colors");
  return colors > 0 ? colors : 0;
}

bool terminal_mixes_intensity(void) {
  // The attributes that cannot be shown with colours, since they are shown by colours: bit 4 is dim.
  int attributes = tigetnum("ncv");
  return attributes > 0 && (attributes & 16) != 0;
}

void terminal_forget_styles(void) {
  memset(styles, 0, sizeof styles);
  pairs_used = 0;
}

// -1 where the terminal has no more pairs.
static int pair_of(int foreground, int background) {
  for (int i = 0; i < pairs_used; i++) {
    if (pairs[i].foreground == foreground && pairs[i].background == background) {
      return i + 1;
    }
  }
  int pair = pairs_used + 1;
  // ncurses knows how many the terminal has, the pairs with its own colours included.
  if (pair >= STYLES || init_extended_pair(pair, foreground, background) != OK) return -1;
  pairs[pairs_used].foreground = foreground;
  pairs[pairs_used].background = background;
  pairs_used = pair;
  return pair;
}

bool terminal_define_style(int style, int foreground, int background, unsigned attributes) {
  if (style < 0 || style >= STYLES) return false;
  attr_t bits = A_NORMAL;
  if (attributes & TERMINAL_BOLD) bits |= A_BOLD;
  if (attributes & TERMINAL_UNDERLINE) bits |= A_UNDERLINE;
  if (attributes & TERMINAL_REVERSE) bits |= A_REVERSE;
  if (attributes & TERMINAL_DIM) bits |= A_DIM;
  styles[style].attributes = bits;
  styles[style].pair = 0;
  bool wants_color = foreground >= 0 || background >= 0;
  if (!wants_color || !has_colors()) return true;
  if (!has_default_colors) {
    if (foreground < 0) foreground = COLOR_WHITE;
    if (background < 0) background = COLOR_BLACK;
  }
  int pair = pair_of(foreground, background);
  styles[style].pair = pair > 0 ? (short)pair : 0;
  return pair > 0;
}

// What ncurses puts there. It places cells by wcwidth: where the C library is older than the table, a
// sign keeps the grid.
static bool make(cchar_t *made, struct terminal_cell cell, const uint32_t *marks, int count) {
  if (cell.style >= STYLES) return false;
  wchar_t text[SCALARS_PER_CELL + 1] = {(wchar_t)cell.scalar};
  bool is_plain = cell.scalar >= 0x20 && cell.scalar < 0x7F;
  bool is_known = is_plain || wcwidth(text[0]) == cell.width;
  if (!is_known) text[0] = L'?';
  int used = 1;
  for (int i = 0; is_known && i < count && used < SCALARS_PER_CELL; i++) {
    if (wcwidth((wchar_t)marks[i]) != 0) break;
    text[used++] = (wchar_t)marks[i];
  }
  attr_t bits = styles[cell.style].attributes;
  if (cell.attributes & TERMINAL_BOLD) bits |= A_BOLD;
  if (cell.attributes & TERMINAL_UNDERLINE) bits |= A_UNDERLINE;
  if (cell.attributes & TERMINAL_REVERSE) bits |= A_REVERSE;
  if (cell.attributes & TERMINAL_DIM) bits |= A_DIM;
  return setcchar(made, text, bits, styles[cell.style].pair, NULL) == OK;
}

static void put_wide(int row, int column, struct terminal_cell cell, const uint32_t *marks, int count) {
  cchar_t made;
  if (!make(&made, cell, marks, count)) return;
  mvwadd_wchnstr(stdscr, row, column, &made, 1);
  struct terminal_cell blank = {' ', cell.style, cell.attributes, 1};
  // A sign in its place leaves the second column free.
  if (wcwidth((wchar_t)cell.scalar) != cell.width && make(&made, blank, NULL, 0)) {
    mvwadd_wchnstr(stdscr, row, column + 1, &made, 1);
  }
}

void terminal_put_row(int row, int column, const struct terminal_cell *cells, int count) {
  static cchar_t line[GREATEST_COLUMNS];
  int waiting = 0;
  for (int i = 0; i < count; i++) {
    bool is_wide = cells[i].width != 1;
    if (waiting > 0 && (is_wide || waiting == GREATEST_COLUMNS)) {
      mvwadd_wchnstr(stdscr, row, column, line, waiting);
      column += waiting;
      waiting = 0;
    }
    if (is_wide) {
      put_wide(row, column, cells[i], NULL, 0);
      column += cells[i].width;
    } else if (waiting > 0 && memcmp(&cells[i], &cells[i - 1], sizeof cells[i]) == 0) {
      // Most of a screen is blanks beside blanks.
      line[waiting] = line[waiting - 1];
      waiting++;
    } else if (make(&line[waiting], cells[i], NULL, 0)) {
      waiting++;
    }
  }
  if (waiting > 0) mvwadd_wchnstr(stdscr, row, column, line, waiting);
}

void terminal_put_marked(
    int row, int column, struct terminal_cell base, const uint32_t *marks, int count) {
  cchar_t made;
  if (base.width != 1) {
    put_wide(row, column, base, marks, count);
  } else if (make(&made, base, marks, count)) {
    mvwadd_wchnstr(stdscr, row, column, &made, 1);
  }
}

size_t terminal_show(int cursor_row, int cursor_column) {
  bool wants_cursor = cursor_row >= 0;
  gather();
  if (!wants_cursor && cursor_is_visible) curs_set(0);
  if (wants_cursor) wmove(stdscr, cursor_row, cursor_column);
  wnoutrefresh(stdscr);
  doupdate();
  if (wants_cursor && !cursor_is_visible) curs_set(1);
  cursor_is_visible = wants_cursor;
  return end_gathering();
}

void terminal_forget_screen(void) { clearok(curscr, TRUE); }

ssize_t terminal_send(const uint8_t *bytes, size_t count) {
  struct pollfd ready = {.fd = output, .events = POLLOUT};
  if (poll(&ready, 1, 0) <= 0) return 0;
  if (ready.revents & (POLLHUP | POLLERR | POLLNVAL)) return -1;
  ssize_t sent = write(output, bytes, count);
  if (sent >= 0) return sent;
  return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

static int named_key(int code) {
  switch (code) {
    case KEY_UP: return TERMINAL_KEY_UP;
    case KEY_DOWN: return TERMINAL_KEY_DOWN;
    case KEY_LEFT: return TERMINAL_KEY_LEFT;
    case KEY_RIGHT: return TERMINAL_KEY_RIGHT;
    case KEY_HOME: case KEY_FIND: case KEY_A1: return TERMINAL_KEY_HOME;
    case KEY_END: case KEY_SELECT: case KEY_C1: return TERMINAL_KEY_END;
    case KEY_PPAGE: case KEY_A3: return TERMINAL_KEY_PAGE_UP;
    case KEY_NPAGE: case KEY_C3: return TERMINAL_KEY_PAGE_DOWN;
    case KEY_BACKSPACE: return TERMINAL_KEY_BACKSPACE;
    case KEY_DC: return TERMINAL_KEY_DELETE;
    case KEY_ENTER: return TERMINAL_KEY_ENTER;
    case KEY_BTAB: return TERMINAL_KEY_BACK_TAB;
    default: break;
  }
  if (code > KEY_F0 && code <= KEY_F0 + 63) return TERMINAL_KEY_FUNCTION + (code - KEY_F0);
  return TERMINAL_KEY_UNKNOWN;
}

int terminal_read(void) {
  int code = wgetch(keys);
  if (code == ERR) return TERMINAL_NO_KEY;
  // resize_term is ours, and ncurses' own note of it is no key.
  if (code == KEY_RESIZE) return terminal_read();
  return code < KEY_MIN ? code & 0xFF : named_key(code);
}

int terminal_memory_file(void) { return memfd_create("daybook-standard-error", MFD_CLOEXEC); }

int terminal_wake_descriptor(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

int terminal_character_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

size_t terminal_reset_sequence(char *bytes, size_t capacity) {
  static const char *const names[] = {"sgr0", "op", "cnorm", "rmkx", "rmcup"};
  size_t used = 0;
  if (terminal_speaks_ansi()) {
    // CAN first: the terminal may be in the middle of a sequence.
    static const char modes[] = "\030\033[?2026l\033[?2004l\033[?1006l\033[?1000l\033[r";
    used = append_without_padding(bytes, used, capacity, modes);
  }
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    used = append_without_padding(bytes, used, capacity, tigetstr(names[i]));
  }
  return used;
}

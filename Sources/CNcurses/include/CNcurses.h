// What the module Terminal needs of ncurses and of POSIX signals, without the macros, variadic
// functions and global variables that Swift cannot import. Everything but the signal handlers
// belongs to the one thread that opened the terminal.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum terminal_open_result {
  TERMINAL_OPENED = 0,
  // No description of this type is installed.
  TERMINAL_UNKNOWN_TYPE = 1,
  // The type cannot move its cursor, so it cannot show a full screen.
  TERMINAL_TOO_SIMPLE = 2,
  // The process may open no more files.
  TERMINAL_NO_DESCRIPTORS = 3,
};

// Keys that are not bytes; the values lie beyond Unicode and beyond ncurses' own codes.
enum terminal_key {
  TERMINAL_NO_KEY = -1,
  TERMINAL_KEY_UP = 0x200000,
  TERMINAL_KEY_DOWN,
  TERMINAL_KEY_LEFT,
  TERMINAL_KEY_RIGHT,
  TERMINAL_KEY_HOME,
  TERMINAL_KEY_END,
  TERMINAL_KEY_PAGE_UP,
  TERMINAL_KEY_PAGE_DOWN,
  TERMINAL_KEY_BACKSPACE,
  TERMINAL_KEY_DELETE,
  TERMINAL_KEY_ENTER,
  TERMINAL_KEY_BACK_TAB,
  TERMINAL_KEY_UNKNOWN,
  // Function key n is TERMINAL_KEY_FUNCTION + n.
  TERMINAL_KEY_FUNCTION = 0x200100,
};

// Bits of terminal_define_style and of cells; those of Screen's Attributes.
enum terminal_attribute {
  TERMINAL_BOLD = 1,
  TERMINAL_UNDERLINE = 2,
  TERMINAL_REVERSE = 4,
  TERMINAL_DIM = 8,
};

// How many styles a theme may have: the roles on each of their grounds.
enum { TERMINAL_STYLES = 1024 };

enum terminal_signal {
  TERMINAL_RESIZED = 1,
  TERMINAL_TERMINATE = 2,
  TERMINAL_HANGUP = 4,
  TERMINAL_STOP = 8,
  TERMINAL_CONTINUED = 16,
};

// What the environment says of the terminal's characters.
enum terminal_characters {
  TERMINAL_UTF8,
  // Another set is named, which the terminal need not have.
  TERMINAL_OTHER_CHARACTERS,
  // No locale here writes UTF-8.
  TERMINAL_ASCII,
  // Nothing was chosen, as often behind ssh: the terminal itself is to be asked.
  TERMINAL_CHARACTERS_UNKNOWN,
};

// Chooses the locale. Call before terminal_open.
enum terminal_characters terminal_choose_utf8_locale(void);

// Opens standard input and output as a terminal of this type.
enum terminal_open_result terminal_open(const char *type, int escape_delay_milliseconds);

// Forgets the terminal, after terminal_leave.
void terminal_close(void);

// Opens standard input and output as a stream of lines, with keys read one by one: no ncurses. Then
// terminal_send, terminal_output_descriptor and the signals work as usual. False where the process
// may open no more files.
bool terminal_open_plain(void);
void terminal_raw_modes(void);
void terminal_close_plain(void);

// Makes the bytes that give the terminal back, and takes the terminal again later. The modes are
// another matter: see terminal_restore_modes.
size_t terminal_leave(void);
void terminal_enter(void);

// Takes the bytes that terminal_show or terminal_leave has made and counted.
size_t terminal_take_gathered(uint8_t *bytes, size_t capacity);

// Sends what the terminal takes without waiting: how many bytes, or -1 when it is gone.
ssize_t terminal_send(const uint8_t *bytes, size_t count);
// Becomes writable when terminal_send can send more.
int terminal_output_descriptor(void);

// The size the kernel knows, or the type's own where it knows none.
void terminal_measure(int *rows, int *columns);
void terminal_resize(int rows, int columns);

// Number of colours, 0 for none.
int terminal_colors(void);
// The same of a type that is not open; no other terminal may be.
int terminal_colors_of(const char *type);
bool terminal_speaks_ansi(void);
// Whether bold and dim letters are shown by other colours, as on the Linux console.
bool terminal_mixes_intensity(void);

// Colours are the description's numbers, or -1 for the terminal's own. Styles count from 0 to
// TERMINAL_STYLES - 1. Before all of them are defined anew, the old ones are forgotten. False where the
// terminal has no more pairs of colours: then the style is without colours.
void terminal_forget_styles(void);
bool terminal_define_style(int style, int foreground, int background, unsigned attributes);

// A character that stands alone, in one column or two.
struct terminal_cell {
  uint32_t scalar;
  uint16_t style;
  uint8_t attributes;
  uint8_t width;
};

// Puts characters beside each other, the first into that column.
void terminal_put_row(int row, int column, const struct terminal_cell *cells, int count);
// Puts one that has combining marks: the base is the cell's.
void terminal_put_marked(
    int row, int column, struct terminal_cell base, const uint32_t *marks, int count);

// Makes the bytes of what changed, and counts them; a negative row hides the cursor.
size_t terminal_show(int cursor_row, int cursor_column);
// The next terminal_show sends everything.
void terminal_forget_screen(void);

// The next byte (0 to 255) or key (enum terminal_key), or TERMINAL_NO_KEY.
int terminal_read(void);

// A file in memory, or -1.
int terminal_memory_file(void);
// A counter that poll can watch (eventfd), or -1.
int terminal_wake_descriptor(void);

// Columns of a character in the C library's eyes, -1 if it cannot be shown.
int terminal_character_width(uint32_t scalar);

// Remembers the terminal's modes and the signal actions to go back to. Call before
// terminal_open, because ncurses changes both. False when standard input has no modes.
bool terminal_remember_process(void);
void terminal_restore_modes(void);

// Catches SIGWINCH, SIGTERM, SIGINT, SIGHUP, SIGTSTP and SIGCONT, and restores the terminal before a
// fatal signal takes its course. Returns a descriptor that becomes readable, or -1.
int terminal_catch_signals(void);
void terminal_release_signals(void);
// The signals since the last call, as bits of enum terminal_signal.
unsigned terminal_take_signals(void);
// Stops this process group as ctrl-z would, and returns when it is continued.
void terminal_stop_process(void);

// What a fatal signal or exit() writes to `output` and restores while armed; `standard_error` is the saved
// descriptor to put back as 2, or -1, and `diverted` what was written instead, to be replayed.
void terminal_arm_rescue(
    const char *reset, size_t count, int output, int standard_error, int diverted);
void terminal_disarm_rescue(void);

// The bytes that end full-screen mode for the open terminal; returns how many were stored.
size_t terminal_reset_sequence(char *bytes, size_t capacity);

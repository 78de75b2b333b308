/// One record of a delimited file: its fields without quotes and delimiters, still as bytes.
struct Record: Hashable {
  /// The line on which it begins, counted from 1 as an editor does.
  var line: Int
  /// The line on which it ends: a later one where a quoted field goes on over line ends.
  var lastLine: Int
  /// The fields that go on over line ends.
  var spans: [Span] = []
  /// The content of all fields, one after the other.
  var bytes: [UInt8] = []
  /// Where each field ends in `bytes`.
  var ends: [Int] = []
  var hadQuote = false
  /// Why it cannot be used; nil for a good record.
  var flaw: Flaw?

  init(line: Int) {
    self.line = line
    lastLine = line
  }

  var fieldCount: Int { ends.count }

  /// How often the delimiter stands in a quoted field that goes on over line ends, line by line.
  struct Span: Hashable {
    let field: Int
    var first = 0
    /// Of the lines between the first and the last, the most.
    var middle = 0
    var last = 0
  }

  /// Whether lines that were read as one look like rows of their own, as they do when a closing
  /// quotation mark is lost and a later one takes its place.
  var holdsRows: Bool {
    // A row of n fields has n - 1 delimiters. Of one or two columns the lines say nothing: a single
    // delimiter stands in many a text.
    let delimiters = fieldCount - 1
    guard delimiters > 1 else { return false }
    return spans.contains { span in
      let firstIsRow = span.first >= delimiters - span.field
      let lastIsRow = span.last >= span.field
      return span.middle >= delimiters || (firstIsRow && lastIsRow && span.first + span.last > 0)
    }
  }

  func field(_ index: Int) -> ArraySlice<UInt8> {
    bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
  }

  /// A blank line: nothing stood on it, not even a pair of quotes.
  var isBlank: Bool { flaw == nil && ends.count == 1 && bytes.isEmpty && !hadQuote }

  /// What can be wrong with a record before anybody asks what its fields mean. Fields are counted
  /// from 0.
  enum Flaw: Hashable {
    /// The file ends inside a quoted field, or without the line end that the rules demand.
    case cutOff(field: Int)
    /// A quoted field that goes on over more lines than any text does.
    case tooManyLines(field: Int)
    /// A quoted field that does not end on its line.
    case unclosedQuote(field: Int)
    /// A quotation mark in the middle of a field that does not begin with one.
    case strayQuote(field: Int)
    /// Text between the closing quotation mark and the delimiter.
    case textAfterQuote(field: Int)
    case nulByte(field: Int)
    case tooLong
  }
}

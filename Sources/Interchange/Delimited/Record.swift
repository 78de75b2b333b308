/// One record of a delimited file: its fields without quotes and delimiters, still as bytes.
struct Record: Hashable {
  /// The line on which it begins, counted from 1 as an editor does.
  var line: Int
  /// The content of all fields, one after the other.
  var bytes: [UInt8] = []
  /// Where each field ends in `bytes`.
  var ends: [Int] = []
  var hadQuote = false
  /// Why it cannot be used; nil for a good record.
  var flaw: Flaw?

  var fieldCount: Int { ends.count }

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

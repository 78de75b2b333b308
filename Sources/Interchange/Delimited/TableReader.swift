import BankCore

/// A column as rules name it: by its heading, or by its place counted from 1.
enum ColumnName: Hashable {
  case heading(String)
  case place(Int)
}

/// What the rules say about the shape of a file.
struct TableFormat: Hashable {
  var records = RecordReader.Format()
  var encoding = TextEncoding.utf8
  var hasHeader = true
  /// Names for the columns of a file that has no header.
  var columnNames: [String] = []
  /// Whether spaces around a field are left out.
  var trims = true
}

/// One good line of a table. A field becomes text when somebody asks for it.
struct Row {
  private let record: Record
  private let layout: TableLayout

  fileprivate init(_ record: Record, _ layout: TableLayout) {
    self.record = record
    self.layout = layout
  }

  var line: Int { record.line }

  /// - Parameter slot: which of the columns that the rules use.
  func text(_ slot: Int) throws(LineFlaw) -> String {
    try layout.text(record, at: layout.positions[slot])
  }
}

/// What all lines of a table share.
private final class TableLayout: Sendable {
  let format: TableFormat
  let headings: [String]
  /// For each column that the rules use, its place in the file.
  let positions: [Int]

  init(_ format: TableFormat, headings: [String], positions: [Int]) {
    self.format = format
    self.headings = headings
    self.positions = positions
  }

  /// How many fields a line must have; nil where neither a header nor the rules say so.
  var fieldCount: Int? { headings.isEmpty ? nil : headings.count }

  func text(_ record: Record, at position: Int) throws(LineFlaw) -> String {
    guard position < record.fieldCount else {
      throw LineFlaw("the field \(name(position)) is missing")
    }
    var bytes = record.field(position)
    if format.trims {
      bytes = bytes.drop(while: \.isSpace)
      while bytes.last?.isSpace ?? false { bytes.removeLast() }
    }
    let text: String
    do {
      text = try format.encoding.text(bytes)
    } catch {
      throw LineFlaw("the field \(name(position)) \(error.text)")
    }
    // At the start of the file it was left out.
    guard !text.unicodeScalars.contains("\u{FEFF}") else {
      throw LineFlaw(
        "the field \(name(position)) holds a byte order mark (U+FEFF): were several files joined?")
    }
    return text
  }

  /// As messages name the field: its heading, or its place counted from 1.
  func name(_ position: Int) -> String {
    guard position < headings.count, !headings[position].isEmpty else {
      return String(position + 1)
    }
    let heading = headings[position]
    let isPlain =
      heading.unicodeScalars.count <= 40
      && heading.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || $0 == "_" || ("0"..."9").contains($0)
      }
    return isPlain ? heading : quoted(heading)
  }

  /// - Parameter count: how many fields it must have; nil where nothing says so yet.
  func objection(to record: Record, count: Int? = nil) -> String? {
    if let flaw = record.flaw { return text(of: flaw) }
    if record.holdsRows {
      return "a quoted field goes on over lines that look like rows: is a quotation mark missing?"
    }
    guard let fieldCount = fieldCount ?? count, record.fieldCount != fieldCount else { return nil }
    if record.fieldCount < fieldCount { return "the field \(name(record.fieldCount)) is missing" }
    return "it has \(record.fieldCount) fields instead of \(fieldCount)"
  }

  private func text(of flaw: Record.Flaw) -> String {
    switch flaw {
    case .cutOff(let field):
      "the file is cut off inside this line, in the field \(name(field))"
    case .tooManyLines(let field):
      "the quotation mark that opens the field \(name(field)) is not closed within"
        + " \(format.records.maximumRecordLines) lines"
    case .unclosedQuote(let field):
      "the quotation mark that opens the field \(name(field)) is never closed"
    case .strayQuote(let field):
      "the field \(name(field)) has a quotation mark in its middle"
    case .textAfterQuote(let field):
      "the field \(name(field)) goes on after its closing quotation mark"
    case .nulByte(let field):
      "the field \(name(field)) has a NUL byte, which no text has"
        + " (a file in UTF-16 must be converted to UTF-8 first)"
    case .tooLong:
      "it is longer than \(format.records.maximumRecordBytes) bytes"
    }
  }
}

/// Reads a delimited file as a table with named columns.
struct TableReader {
  /// As messages name it.
  let file: String
  private var records: RecordReader
  private let layout: TableLayout
  /// The other lines of a bad record, still to be named.
  private var swallowed: [BadLine] = []
  /// Of the first line, where nothing else says how many fields there are.
  private var firstCount: Int?
  /// The line of the names, which is none of the data wherever it comes again.
  private let header: [UInt8]?

  var bytesRead: Int { records.bytesRead }
  var totalBytes: Int? { records.totalBytes }

  /// Reads the header, where there is one, and finds the columns that the rules use.
  ///
  /// - Throws: `ImportFault` when the file cannot be read or lacks one of the columns.
  init(
    _ source: ByteSource, file: String, format: TableFormat, columns: [ColumnName]
  ) throws(ImportFault) {
    self.file = file
    records = RecordReader(source, format.records)
    var header = TableHeader(file: file, headings: format.columnNames)
    if format.hasHeader { try header.read(from: &records, format) }
    self.header = header.bytes
    try Self.requireEncoding(records, file, format)
    var positions: [Int] = []
    for column in columns { positions.append(try header.position(of: column)) }
    layout = TableLayout(format, headings: header.headings, positions: positions)
  }

  /// The next line that is not blank; nil at the end of the file. A record over several lines that
  /// cannot be used is a bad line for each of them: none goes by unnamed.
  mutating func next() throws(ImportFault) -> Result<Row, BadLine>? {
    if let bad = swallowed.popLast() { return .failure(bad) }
    while let record = try records.next() {
      try Self.requireEncoding(records, file, layout.format)
      if record.isBlank { continue }
      if let why = layout.objection(to: record, count: firstCount) {
        return .failure(bad(record, why))
      }
      if record.bytes == header { return .failure(bad(record, "it repeats the header")) }
      firstCount = record.fieldCount
      return .success(Row(record, layout))
    }
    return nil
  }

  /// A file that begins with the mark of UTF-8 is in no other encoding.
  private static func requireEncoding(
    _ records: RecordReader, _ file: String, _ format: TableFormat
  ) throws(ImportFault) {
    guard records.hadByteOrderMark, format.encoding != .utf8 else { return }
    throw ImportFault(
      file: file,
      text: "The file begins with the mark of UTF-8, and the rules say"
        + " \"encoding: \(format.encoding.rawValue)\".")
  }

  private mutating func bad(_ record: Record, _ why: String) -> BadLine {
    guard record.lastLine > record.line else { return BadLine(line: record.line, why: why) }
    swallowed = (record.line + 1...record.lastLine).reversed().map {
      BadLine(line: $0, why: "it was read as a part of line \(record.line), which is bad")
    }
    return BadLine(
      line: record.line,
      why: "\(why) (lines \(record.line) to \(record.lastLine) were read as one)")
  }
}

/// The names of a table's columns, and where the rules find theirs.
private struct TableHeader {
  let file: String
  var headings: [String]
  /// As they stand in the file; nil where it has no header.
  private(set) var bytes: [UInt8]?

  init(file: String, headings: [String]) {
    self.file = file
    self.headings = headings
  }

  mutating func read(from records: inout RecordReader, _ format: TableFormat) throws(ImportFault) {
    var first: Record?
    repeat { first = try records.next() } while first?.isBlank ?? false
    guard let record = first else {
      throw ImportFault(file: file, text: "The file is empty; its rules expect a header.")
    }
    bytes = record.bytes
    let layout = TableLayout(format, headings: [], positions: [])
    if let why = layout.objection(to: record) {
      throw ImportFault(file: file, text: "The header cannot be read: \(why).")
    }
    for position in 0..<record.fieldCount {
      do {
        headings.append(try layout.text(record, at: position))
      } catch {
        throw ImportFault(file: file, text: "The header cannot be read: \(error.why).")
      }
    }
  }

  func position(of column: ColumnName) throws(ImportFault) -> Int {
    switch column {
    case .place(let place):
      guard !headings.isEmpty, place > headings.count else { return place - 1 }
      throw ImportFault(
        file: file, text: "The rules use column \(place), but the file has \(headings.count).")
    case .heading(let name):
      let matches = headings.indices.filter { headings[$0] == name }
      if matches.count == 1 { return matches[0] }
      throw ImportFault(file: file, text: complaint(about: name, matches: matches.count))
    }
  }

  private func complaint(about name: String, matches: Int) -> String {
    if matches > 1 { return "The file has \(matches) columns named \(quoted(name))." }
    if let nearest = nearestName(to: name, among: headings) {
      return "The file has no column \(quoted(name)); is \(quoted(nearest)) meant?"
    }
    let known = headings.prefix(20).map(quoted).joined(separator: ", ")
    return "The file has no column \(quoted(name)); it has \(known)."
      + " Are the delimiter and the quotation mark right?"
  }
}

extension UInt8 {
  /// A space, a tab or what is left of a line end.
  fileprivate var isSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
}

/// Splits a stream of bytes into records as RFC 4180 describes them, for any delimiter and line
/// end. A flaw costs its own line only: reading goes on at the next one, and no input makes the
/// reader hold more than one chunk and one record.
struct RecordReader {
  /// What ends a line.
  enum LineEnd: String, CaseIterable {
    /// CR LF, LF or CR, mixed as they come.
    case any
    case lf
    case crlf
    case cr
  }

  struct Format: Hashable {
    var delimiter = UInt8(ascii: ",")
    /// Nil: quotation marks are plain text.
    var quote: UInt8? = UInt8(ascii: "\"")
    var lineEnd = LineEnd.any
    /// Whether a quoted field may go on over line ends, which are then read as LF.
    var allowsQuotedLineEnds = false
    /// Whether the last line must be ended as well, so that a file that was cut is noticed.
    var requiresLastLineEnd = false
    var maximumRecordBytes = 1024 * 1024
    /// More is no text of a bank, but a quotation mark that was never closed.
    var maximumRecordLines = 50
  }

  private enum State {
    case fieldStart
    case unquoted
    case quoted
    /// After a quotation mark inside a quoted field: the field's end, or half of a doubled one.
    case afterQuote
    /// A flaw was found: nothing is kept until the line ends.
    case skipping
  }

  let format: Format
  private let source: ByteSource
  private var chunk: [UInt8] = []
  private var position = 0
  private var state = State.fieldStart
  private var record = Record(line: 1)
  private var line = 1
  private var span = OpenSpan()
  private var hasBytes = false
  private var heldCarriageReturn = false
  private var ignoresLineFeed = false
  private var finished: Record?
  private var isAtEnd = false
  private var markBytesMatched: Int? = 0
  /// Whether the file began with the byte order mark of UTF-8.
  private(set) var hadByteOrderMark = false

  /// Bytes taken from the source so far, for a progress bar.
  private(set) var bytesRead = 0
  var totalBytes: Int? { source.totalBytes }

  init(_ source: ByteSource, _ format: Format) {
    self.source = source
    self.format = format
  }

  /// The next record, good or flawed; nil at the end of the file.
  mutating func next() throws(ImportFault) -> Record? {
    while finished == nil, !isAtEnd {
      guard position < chunk.count else {
        try refill()
        continue
      }
      let byte = chunk[position]
      position += 1
      if let markBytesMatched {
        acceptAtStart(byte, afterMarkBytes: markBytesMatched)
      } else {
        accept(byte)
      }
    }
    defer { finished = nil }
    return finished
  }

  private mutating func refill() throws(ImportFault) {
    guard let bytes = try source.next() else { return finish() }
    bytesRead += bytes.count
    chunk = bytes
    position = 0
  }

  /// Leaves out the UTF-8 byte order mark that some programs put before the first line.
  private mutating func acceptAtStart(_ byte: UInt8, afterMarkBytes matched: Int) {
    if byte == Self.byteOrderMark[matched] {
      hadByteOrderMark = matched + 1 == Self.byteOrderMark.count
      markBytesMatched = hadByteOrderMark ? nil : matched + 1
      return
    }
    markBytesMatched = nil
    for markByte in Self.byteOrderMark.prefix(matched) { accept(markByte) }
    accept(byte)
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The end of the file ends the last line too, unless that line is empty.
  private mutating func finish() {
    isAtEnd = true
    if let matched = markBytesMatched {
      markBytesMatched = nil
      for markByte in Self.byteOrderMark.prefix(matched) { accept(markByte) }
    }
    if heldCarriageReturn {
      heldCarriageReturn = false
      acceptData(UInt8(ascii: "\r"))
    }
    guard hasBytes else { return }
    if state == .quoted || format.requiresLastLineEnd, record.flaw == nil {
      record.flaw = .cutOff(field: record.ends.count)
    }
    endRecord()
  }

  // MARK: Bytes

  private mutating func accept(_ byte: UInt8) {
    if ignoresLineFeed {
      ignoresLineFeed = false
      if byte == UInt8(ascii: "\n") { return }
    }
    hasBytes = true
    switch (format.lineEnd, byte) {
    case (.any, UInt8(ascii: "\r")):
      ignoresLineFeed = true
      endLine()
    case (.cr, UInt8(ascii: "\r")), (.any, UInt8(ascii: "\n")), (.lf, UInt8(ascii: "\n")):
      endLine()
    case (.crlf, UInt8(ascii: "\n")) where heldCarriageReturn:
      heldCarriageReturn = false
      endLine()
    case (.crlf, UInt8(ascii: "\r")):
      if heldCarriageReturn { acceptData(byte) }
      heldCarriageReturn = true
    default:
      if heldCarriageReturn {
        heldCarriageReturn = false
        acceptData(UInt8(ascii: "\r"))
      }
      acceptData(byte)
    }
  }

  private mutating func endLine() {
    if state == .quoted {
      guard format.allowsQuotedLineEnds else {
        record.flaw = .unclosedQuote(field: record.ends.count)
        line += 1
        return endRecord()
      }
      guard line - record.line + 1 < format.maximumRecordLines else {
        record.flaw = .tooManyLines(field: record.ends.count)
        line += 1
        return endRecord()
      }
      line += 1
      span.goOn(in: record.ends.count)
      return append(UInt8(ascii: "\n"))
    }
    line += 1
    endRecord()
  }

  private mutating func acceptData(_ byte: UInt8) {
    guard byte != 0 else { return spoil(.nulByte(field: record.ends.count)) }
    switch state {
    case .skipping:
      break
    case .fieldStart where byte == format.quote:
      record.hadQuote = true
      state = .quoted
    case .fieldStart, .unquoted:
      if byte == format.delimiter {
        endField()
      } else if byte == format.quote {
        spoil(.strayQuote(field: record.ends.count))
      } else {
        state = .unquoted
        append(byte)
      }
    case .quoted:
      if byte == format.quote {
        state = .afterQuote
      } else {
        if byte == format.delimiter { span.delimiters += 1 }
        append(byte)
      }
    case .afterQuote:
      if byte == format.quote {
        state = .quoted
        append(byte)
      } else if byte == format.delimiter {
        endField()
      } else {
        spoil(.textAfterQuote(field: record.ends.count))
      }
    }
  }

  private mutating func append(_ byte: UInt8) {
    guard state != .skipping else { return }
    guard record.bytes.count + record.ends.count < format.maximumRecordBytes else {
      return spoil(.tooLong)
    }
    record.bytes.append(byte)
  }

  private mutating func spoil(_ flaw: Record.Flaw) {
    if record.flaw == nil { record.flaw = flaw }
    state = .skipping
  }

  private mutating func endField() {
    guard record.bytes.count + record.ends.count < format.maximumRecordBytes else {
      return spoil(.tooLong)
    }
    endSpan()
    record.ends.append(record.bytes.count)
    state = .fieldStart
  }

  /// What is known of the quoted field that ends here.
  private mutating func endSpan() {
    if let ended = span.ended { record.spans.append(ended) }
    span = OpenSpan()
  }

  private mutating func endRecord() {
    endSpan()
    record.ends.append(record.bytes.count)
    // A line that ended has been counted already; the end of the file comes before or after that.
    let hasEnded = !isAtEnd || (state == .quoted && record.bytes.last == UInt8(ascii: "\n"))
    record.lastLine = max(record.line, hasEnded ? line - 1 : line)
    finished = record
    record = Record(line: line)
    state = .fieldStart
    hasBytes = false
  }
}

/// The delimiters of a quoted field that is being read, as far as it has come.
private struct OpenSpan {
  /// On the present line.
  var delimiters = 0
  private var span: Record.Span?

  /// A line has ended inside the quotation marks.
  mutating func goOn(in field: Int) {
    if var known = span {
      known.middle = max(known.middle, delimiters)
      span = known
    } else {
      span = Record.Span(field: field, first: delimiters)
    }
    delimiters = 0
  }

  /// Nil where the field stayed on one line.
  var ended: Record.Span? {
    guard var span else { return nil }
    span.last = delimiters
    return span
  }
}

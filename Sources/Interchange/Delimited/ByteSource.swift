import Files

/// Where the bytes of an import come from: chunk after chunk, so that no file is ever held as a
/// whole.
public struct ByteSource {
  /// Nil when nobody knows.
  public let totalBytes: Int?
  private let readChunk: () throws(ImportFault) -> [UInt8]?

  /// - Parameter readChunk: the next bytes, never an empty array; nil at the end.
  public init(totalBytes: Int?, readChunk: @escaping () throws(ImportFault) -> [UInt8]?) {
    self.totalBytes = totalBytes
    self.readChunk = readChunk
  }

  func next() throws(ImportFault) -> [UInt8]? { try readChunk() }

  /// Bytes that are in memory already, in chunks of the given size.
  public init(bytes: [UInt8], chunkSize: Int = ByteSource.chunkSizeBytes) {
    var position = 0
    self.init(totalBytes: bytes.count) { () throws(ImportFault) -> [UInt8]? in
      guard position < bytes.count else { return nil }
      let end = min(bytes.count, position + max(1, chunkSize))
      defer { position = end }
      return Array(bytes[position..<end])
    }
  }

  /// A file, read as it is consumed. The file is closed when the source is let go.
  ///
  /// - Throws: `ImportFault` when it cannot be opened, or is no regular file.
  public init(path: String) throws(ImportFault) {
    let file: OrdinaryFile
    do throws(FileObjection) {
      file = try OrdinaryFile(path)
    } catch {
      throw ImportFault(
        file: path, text: error.isMissing ? "There is no such file." : "It \(error.text).")
    }
    self.init(totalBytes: file.sizeBytes) { () throws(ImportFault) -> [UInt8]? in
      do throws(FileObjection) {
        let bytes = try file.read(upTo: Self.chunkSizeBytes)
        return bytes.isEmpty ? nil : bytes
      } catch {
        throw ImportFault(file: path, text: "It \(error.text).")
      }
    }
  }

  public static let chunkSizeBytes = 256 * 1024
}

/// What stops an import altogether, unlike a bad line: a file that cannot be read, or one that
/// the rules do not fit at all.
public struct ImportFault: Error, Hashable, Sendable, CustomStringConvertible {
  public let file: String
  /// What is wrong and what to do, in whole sentences.
  public let text: String

  public init(file: String, text: String) {
    self.file = file
    self.text = text
  }

  public var description: String { "\(file): \(text)" }
}

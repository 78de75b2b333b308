/// The few things the manual ledger asks of a directory. Names are plain file names in it.
///
/// Every call is synchronous and may block on the disk: it belongs on an executor of its own.
/// A volume may keep files open between calls; a fault on one file never closes another. Sizes and
/// offsets are bytes. Every call throws a `VolumeFault` that names the file and what the system said.
public protocol Volume: AnyObject {
  /// Names of all files, in no particular order.
  func fileNames() throws(VolumeFault) -> [String]

  /// Makes an empty file that must not exist yet.
  func create(_ name: String) throws(VolumeFault)

  /// The length of a file, up to which it can be read.
  func size(of name: String) throws(VolumeFault) -> Int64

  /// Whether all of a file has room on the disk: a hole has the size and keeps none.
  func isSolid(_ name: String) throws(VolumeFault) -> Bool

  /// Up to `count` bytes from `offset`; fewer only where the file ends.
  func read(_ name: String, from offset: Int64, count: Int) throws(VolumeFault) -> [UInt8]

  /// Opens a file to be written, and keeps it open: what is written to it next needs no further
  /// descriptor of the process.
  func open(_ name: String) throws(VolumeFault)

  /// Writes all of the bytes at `offset`, growing the file where needed. After a fault any part of
  /// them may have been written.
  func write(_ bytes: [UInt8], to name: String, at offset: Int64) throws(VolumeFault)

  /// Returns when everything written to the file so far, its size included, survives a power cut.
  /// After a fault nothing may be assumed of what was written since the last success, and reading
  /// it back proves nothing.
  func synchronize(_ name: String) throws(VolumeFault)

  /// The same for the names in the directory.
  func synchronizeDirectory() throws(VolumeFault)

  /// Cuts a file off after so many bytes. Only `synchronize` makes that durable.
  func truncate(_ name: String, to size: Int64) throws(VolumeFault)

  /// Takes a file away. Only `synchronizeDirectory` makes that durable.
  func remove(_ name: String) throws(VolumeFault)

  /// Takes away the right to write, from everybody.
  func makeReadOnly(_ name: String) throws(VolumeFault)

  /// Lets go of a file that is kept open, so that the next call opens it anew.
  func close(_ name: String)

  /// Bytes that a file could still grow by.
  func freeBytes() throws(VolumeFault) -> Int64
}

extension Volume {
  /// Where there are no holes.
  public func isSolid(_ name: String) throws(VolumeFault) -> Bool { true }
}

/// What a directory could not do.
public struct VolumeFault: Error, Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The disk or the quota is full, or the file may not grow further.
    case noSpace
    case readOnly
    case denied
    case missing
    case exists
    /// Something stands there that is no plain file: a folder, a link, a pipe, a device.
    case noFile
    /// The process or the machine has as many files open as it may. Nothing was touched.
    case tooManyFiles
    /// The device failed.
    case inputOutput
    case other
  }

  public let kind: Kind
  /// What was tried, on what, and what the system said: one sentence.
  public let text: String
  /// The file that something else stands in the place of.
  public let part: LedgerNames.Part?

  public init(_ kind: Kind, _ text: String, in part: LedgerNames.Part? = nil) {
    self.kind = kind
    self.text = text
    self.part = part
  }
}

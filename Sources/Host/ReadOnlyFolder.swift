import Files
import Foundation
import ManualLedger

/// A folder with ledger files that are only looked at: on any file system, without the right to
/// write, copies under other names included.
public final class ReadOnlyFolder: Volume {
  public let path: String
  /// Set for a single file: the name it is read under, and its name in the folder.
  private let single: (alias: String, name: String)?
  private var files: [String: OrdinaryFile] = [:]

  /// All files of a folder.
  public init(_ path: String) {
    self.path = path
    single = nil
  }

  /// One file of a folder, under the name it would have in a ledger.
  public init(_ path: String, only name: String, as alias: String) {
    self.path = path
    single = (alias, name)
  }

  private func location(_ name: String) -> String {
    "\(path)/\(single.map { $0.alias == name ? $0.name : name } ?? name)"
  }

  private func file(_ name: String) throws(VolumeFault) -> OrdinaryFile {
    if let open = files[name] { return open }
    guard single == nil || single?.alias == name else { throw missing(name) }
    do throws(FileObjection) {
      // A file that somebody has named may be a link; in a folder of Daybook's nobody puts one.
      let file = try OrdinaryFile(
        location(name), toleratingHoles: Self.mostHoles, links: single == nil ? .refused : .followed
      )
      files[name] = file
      return file
    } catch {
      if error.isMissing { throw missing(name) }
      throw VolumeFault(error, at: error.path)
    }
  }

  /// More than a power cut leaves unwritten at the end of a segment.
  public static let mostHoles = 64 << 20

  private func missing(_ name: String) -> VolumeFault {
    VolumeFault(.missing, "there is no file \(location(name))")
  }

  public func fileNames() throws(VolumeFault) -> [String] {
    if let single { return [single.alias] }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw VolumeFault(.denied, "\(path) may not be read")
    }
    return names
  }

  public func size(of name: String) throws(VolumeFault) -> Int64 {
    Int64(try file(name).sizeBytes)
  }

  public func read(_ name: String, from offset: Int64, count: Int) throws(VolumeFault) -> [UInt8] {
    let file = try file(name)
    do throws(FileObjection) {
      return try file.read(at: offset, count: count)
    } catch {
      throw VolumeFault(.inputOutput, error.path + " " + error.text)
    }
  }

  public func close(_ name: String) { files[name] = nil }

  // Nothing is ever written here.
  private var refusal: VolumeFault { VolumeFault(.readOnly, "\(path) is only looked at") }
  public func create(_ name: String) throws(VolumeFault) { throw refusal }
  public func open(_ name: String) throws(VolumeFault) { throw refusal }
  public func write(_ bytes: [UInt8], to name: String, at offset: Int64) throws(VolumeFault) {
    throw refusal
  }
  public func synchronize(_ name: String) throws(VolumeFault) { throw refusal }
  public func synchronizeDirectory() throws(VolumeFault) { throw refusal }
  public func truncate(_ name: String, to size: Int64) throws(VolumeFault) { throw refusal }
  public func remove(_ name: String) throws(VolumeFault) { throw refusal }
  public func makeReadOnly(_ name: String) throws(VolumeFault) { throw refusal }
  public func freeBytes() throws(VolumeFault) -> Int64 { throw refusal }
}

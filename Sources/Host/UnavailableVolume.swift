import ManualLedger

/// Stands where the second copy's directory would, when that cannot be opened: every call fails in
/// the same way, so that each receipt says that there is one copy only.
final class UnavailableVolume: Volume {
  private let fault: VolumeFault

  init(_ fault: VolumeFault) { self.fault = fault }

  func fileNames() throws(VolumeFault) -> [String] { throw fault }
  func create(_ name: String) throws(VolumeFault) { throw fault }
  func size(of name: String) throws(VolumeFault) -> Int64 { throw fault }
  func open(_ name: String) throws(VolumeFault) { throw fault }
  func read(_ name: String, from offset: Int64, count: Int) throws(VolumeFault) -> [UInt8] {
    throw fault
  }
  func write(_ bytes: [UInt8], to name: String, at offset: Int64) throws(VolumeFault) {
    throw fault
  }
  func synchronize(_ name: String) throws(VolumeFault) { throw fault }
  func synchronizeDirectory() throws(VolumeFault) { throw fault }
  func truncate(_ name: String, to size: Int64) throws(VolumeFault) { throw fault }
  func remove(_ name: String) throws(VolumeFault) { throw fault }
  func makeReadOnly(_ name: String) throws(VolumeFault) { throw fault }
  func close(_ name: String) {}
  func freeBytes() throws(VolumeFault) -> Int64 { throw fault }
}

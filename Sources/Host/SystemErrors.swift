import Glibc
import ManualLedger
import SystemPackage

extension Errno {
  /// What the last system call of this thread said.
  static var current: Errno { Errno(rawValue: errno) }
}

extension VolumeFault {
  init(_ error: Errno, _ action: String, _ path: String) {
    self.init(Self.kind(error), "cannot \(action) \(path): \(error)")
  }

  /// Whatever a sync says, the bytes are not where they should be.
  init(syncing error: Errno, _ path: String) {
    let kind: Kind =
      switch Self.kind(error) {
      case .noSpace: .noSpace
      default: .inputOutput
      }
    self.init(kind, "the disk did not take \(path): \(error)")
  }

  private static func kind(_ error: Errno) -> Kind {
    switch error {
    case .noSpace, .diskQuotaExceeded, .fileTooLarge: .noSpace
    case .readOnlyFileSystem: .readOnly
    case .permissionDenied, .notPermitted, .tooManySymbolicLinkLevels: .denied
    case .noSuchFileOrDirectory: .missing
    case .fileExists: .exists
    case .tooManyOpenFiles, .tooManyOpenFilesInSystem: .tooManyFiles
    case .ioError, .noSuchAddressOrDevice: .inputOutput
    default: .other
    }
  }
}

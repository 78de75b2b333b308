import Glibc

/// Who is logged in: the operator until operators exist.
public enum LoginName {
  /// The name of the effective user, or its number where it has none.
  public static var current: String {
    let user = geteuid()
    var record = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var buffer = [CChar](repeating: 0, count: 16_384)
    guard getpwuid_r(user, &record, &buffer, buffer.count, &found) == 0, let found,
      let name = found.pointee.pw_name
    else { return String(user) }
    return String(cString: name)
  }
}

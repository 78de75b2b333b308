import Glibc

/// Writes all of the bytes, however many calls it takes, and goes on after an interruption.
///
/// - Returns: the `errno` of what went wrong, after which a part may have been written; nil where
///   all of it was.
public func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
  var rest = bytes
  while !rest.isEmpty {
    let written = write(descriptor, rest.baseAddress, rest.count)
    if written > 0 {
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    } else if written == 0 {
      return EIO
    } else if errno != EINTR {
      return errno
    }
  }
  return nil
}

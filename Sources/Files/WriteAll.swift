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

/// Writes all of the bytes to a pipe whose reader may be gone. That is `EPIPE`, and never a signal, whatever
/// the process has made of `SIGPIPE`.
///
/// - Returns: as `writeAll`.
public func writeAll(_ bytes: UnsafeRawBufferPointer, toPipe descriptor: Int32) -> Int32? {
  var brokenPipe = sigset_t()
  sigemptyset(&brokenPipe)
  sigaddset(&brokenPipe, SIGPIPE)
  var before = sigset_t()
  pthread_sigmask(SIG_BLOCK, &brokenPipe, &before)
  defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
  var pending = sigset_t()
  sigpending(&pending)
  let error = writeAll(bytes, to: descriptor)
  if error == EPIPE, sigismember(&pending, SIGPIPE) == 0 {
    // The signal of this write waits for this thread; taken here, it ends nobody.
    var now = timespec()
    while sigtimedwait(&brokenPipe, nil, &now) < 0, errno == EINTR {}
  }
  return error
}

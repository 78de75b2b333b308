import BankService
import CLibPQ
import Glibc

extension Connection {
  /// Streams rows into a table.
  func copy(_ shape: TableShape, _ bytes: [UInt8]) throws(StoreFault) {
    try leavePipeline()
    guard PQsendQuery(handle, shape.copyStatement) == 1 else { throw lost() }
    try flush()
    guard let start = try nextResult() else { throw lost() }
    guard PQresultStatus(start) == PGRES_COPY_IN else {
      let fault = try self.fault(consuming: start)
      try drain()
      throw fault
    }
    PQclear(start)
    try put(bytes)
    while true {
      switch PQputCopyEnd(handle, nil) {
      case 1:
        try flush()
        return try drain()
      case 0: _ = try wait(for: Int16(POLLOUT))
      default: throw lost()
      }
    }
  }

  /// Runs a text of several statements, such as a migration.
  func runScript(_ sql: String) throws(StoreFault) {
    try leavePipeline()
    guard PQsendQuery(handle, sql) == 1 else { throw lost() }
    try flush()
    try drain()
  }

  private func put(_ bytes: [UInt8]) throws(StoreFault) {
    let piece = 1 << 16
    var place = 0
    while place < bytes.count {
      let count = min(piece, bytes.count - place)
      let answer = bytes.withUnsafeBytes { buffer in
        PQputCopyData(
          handle, buffer.baseAddress?.advanced(by: place).assumingMemoryBound(to: CChar.self),
          Int32(count))
      }
      switch answer {
      case 1: place += count
      // The system's buffer is full: the server reads more slowly than we write.
      case 0: _ = try wait(for: Int16(POLLOUT))
      default: throw lost()
      }
    }
  }

  /// Reads results up to the end, and throws the first fault among them.
  private func drain() throws(StoreFault) {
    var fault: StoreFault?
    while let result = try nextResult() {
      switch PQresultStatus(result) {
      case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: PQclear(result)
      default:
        let observed = try self.fault(consuming: result)
        fault = fault ?? observed
      }
    }
    if let fault { throw fault }
  }

  private func leavePipeline() throws(StoreFault) {
    guard !isBroken else { throw lost() }
    guard PQpipelineStatus(handle) == PQ_PIPELINE_OFF || PQexitPipelineMode(handle) == 1 else {
      throw lost()
    }
  }
}

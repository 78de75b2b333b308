import BankService
import CLibPQ
import Glibc

extension Connection {
  /// Streams rows into a table. They are put into words piece by piece, while the server takes the
  /// pieces before.
  func copy<Row>(
    _ shape: TableShape, _ rows: [Row], _ add: (Row, inout CopySink) -> Void
  ) throws(StoreFault) {
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
    var sink = CopySink(shape)
    for row in rows {
      add(row, &sink)
      if sink.count >= Self.pieceSize { try put(sink.drain()) }
    }
    sink.finish()
    try put(sink.drain())
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

  /// In bytes.
  private static let pieceSize = 1 << 15

  /// Runs a text of several statements, such as a migration.
  func runScript(_ sql: String) throws(StoreFault) {
    try leavePipeline()
    guard PQsendQuery(handle, sql) == 1 else { throw lost() }
    try flush()
    try drain()
  }

  private func put(_ bytes: [UInt8]) throws(StoreFault) {
    while true {
      let answer = bytes.withUnsafeBytes { buffer in
        PQputCopyData(
          handle, buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
          Int32(clamping: buffer.count))
      }
      switch answer {
      case 1: return
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

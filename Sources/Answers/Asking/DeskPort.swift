import BankCore
import BankService
import Branch
import Synchronization

/// What commands and the console need of the bank service and the branch: questions and answers.
public protocol DeskPort: Sendable {
  /// The answer to one request; a fault is a reply too, and nothing is thrown. Waits for the disk where
  /// something is recorded, and for the bank as long as the request allows.
  func ask(_ request: Request) async -> Reply
  /// The answer to a question of files, holds or the connection, in every mode; a fault is a reply too.
  func ask(_ request: BranchRequest) async -> BranchReply
  /// The mode, and what waits, as of now.
  func status() async -> ServiceStatus
  /// The status each time it changes; the newest one is enough for a slow reader.
  var statuses: AsyncStream<ServiceStatus> { get }
  /// Waits until what `status` counts is up to date.
  func quiet() async
  /// Waits a moment for the doctor's look at an outage that this desk has found.
  ///
  /// - Returns: what is not looked at yet.
  func waitForDoctor(withinMilliseconds milliseconds: Int64) async -> [OwedDoctorRun]
  /// Lets go of the database and of the ledger.
  func close() async
  /// Whether the bank has committed an entry since this desk was opened.
  var hasCommitted: Bool { get }
}

/// The bank's desk and the branch's office, with an eye on what they answer.
public final class LoggedDesk: DeskPort {
  private let desk: BankDesk
  private let office: BranchOffice
  private let committed = Atomic<Bool>(false)
  private let log = ProcessLog()

  /// - Parameter office: the one that has opened the desk.
  public init(_ desk: BankDesk, _ office: BranchOffice) {
    self.desk = desk
    self.office = office
  }

  public func ask(_ request: Request) async -> Reply {
    let reply = await desk.ask(request)
    log.saw(request, reply)
    if case .receipt(let receipt) = reply, receipt.state == .posted, case .capture = request {
      committed.store(true, ordering: .relaxed)
    }
    return reply
  }

  public func ask(_ request: BranchRequest) async -> BranchReply {
    let reply = await office.ask(request)
    log.saw(request, reply)
    return reply
  }

  public var hasCommitted: Bool { committed.load(ordering: .relaxed) }
  public func status() async -> ServiceStatus { await desk.status() }
  public var statuses: AsyncStream<ServiceStatus> { desk.statuses }
  public func quiet() async { await desk.quiet() }
  public func waitForDoctor(withinMilliseconds milliseconds: Int64) async -> [OwedDoctorRun] {
    await desk.waitForDoctor(withinMilliseconds: milliseconds)
  }
  public func close() async { await office.close() }
}

import BankCore
import BankService
import Host
import Settings

/// What a console consults about its connection: the doctor, and the history of the configuration.
/// Everything goes over connections of its own; the desk's one is left alone.
public actor ConnectionAdvisor {
  private let clock = HostClock()
  private var workplace: Workplace
  /// Nil for the demo, whose configuration nobody changes.
  private let opened: OpenedConfiguration?
  private var current: DoctorRun?
  private var task: Task<Void, Never>?
  private var waiting: [(steps: Int, continuation: CheckedContinuation<DoctorRun, Never>)] = []

  public init(_ workplace: Workplace, _ opened: OpenedConfiguration?) {
    self.workplace = workplace
    self.opened = opened
  }

  // MARK: The doctor

  /// Begins an examination (nil), or waits until the one under way has come further than so many
  /// steps. There is at most one at a time; one that is asked for twice goes on.
  public func examination(after steps: Int?) async -> DoctorRun {
    guard let steps, let current else { return begin() }
    guard current.steps <= steps, !current.isOver else { return current }
    return await withCheckedContinuation { waiting.append((steps, $0)) }
  }

  /// Ends the examination under way; nobody looks at it any more.
  public func stopExamining() {
    task?.cancel()
    guard let current, !current.isOver else { return }
    conclude(
      DoctorRun(
        report: current.report, steps: current.steps, isOver: true, beganAt: current.beganAt))
  }

  /// Another one goes on instead of a second.
  private func begin() -> DoctorRun {
    if let current, !current.isOver { return current }
    let examination = DoctorRun(
      report: ConnectionReport(hosts: []), steps: 0, isOver: false, beganAt: clock.now())
    current = examination
    let (before, workplace) = (task, workplace)
    task = Task {
      // One that was left ends with its layer; two at once would be two logins.
      await before?.value
      let (reports, input) = AsyncStream.makeStream(
        of: ConnectionReport.self, bufferingPolicy: .bufferingNewest(1))
      async let final = {
        let report = await workplace.examine { input.yield($0) }
        input.finish()
        return report
      }()
      for await report in reports { advance(to: report, isOver: false) }
      advance(to: await final, isOver: true)
    }
    return examination
  }

  private func advance(to report: ConnectionReport, isOver: Bool) {
    guard !Task.isCancelled, let current else { return }
    conclude(
      DoctorRun(
        report: report, steps: current.steps + 1, isOver: isOver, beganAt: current.beganAt))
  }

  private func conclude(_ examination: DoctorRun) {
    current = examination
    let answered = waiting.filter { $0.steps < examination.steps || examination.isOver }
    waiting.removeAll { $0.steps < examination.steps || examination.isOver }
    for (_, continuation) in answered { continuation.resume(returning: examination) }
  }

  // MARK: The way back

  /// The change of the configuration that may be behind a fault; nil when there is none.
  public func suspect() -> ConfigurationSuspect? { opened?.suspect() }

  /// Goes back to that generation, once a transaction was really committed under it.
  ///
  /// - Returns: what was done, and the store that the desk talks to from now on.
  /// - Throws: `Failure` that says why nothing was changed.
  public func goBack(to generation: Int) async throws(Failure) -> (WayBack, any Store) {
    guard let opened, let suspicion = opened.suspicion(), suspicion.target.number == generation
    else {
      throw Failure(
        .refused, code: "no-way-back", text: "The configuration has changed meanwhile.",
        fix: "Run daybook config history to see it.")
    }
    try await prove(suspicion.target, opened.keeper)
    var number = generation
    var words = "Generation \(generation) was in force already and is used now."
    if !suspicion.isInForce {
      let changed = try await opened.keeper.goBack(to: suspicion.target)
      number = changed.generation
      words =
        number == generation
        ? "Generation \(number) is in force again."
        : "Generation \(number) is in force, with the text of generation \(generation)."
    }
    do throws(SettingsFault) {
      let settings = try opened.keeper.options.settings(opened.keeper.surroundings)
      opened.adopt(settings)
      workplace = Workplace(settings, opened.keeper.surroundings, opened.keeper.adapters)
    } catch {
      throw error.failure
    }
    opened.keeper.recordCommit(under: number)
    let text = "\(words) A transaction was committed under it."
    return (WayBack(generation: number, text: text, at: clock.now()), workplace.store())
  }

  /// Before anything is changed: a way back that leads nowhere helps nobody, and says that the
  /// change was not the cause.
  private func prove(
    _ record: ConfigurationHistory.Record, _ keeper: ConfigurationKeeper
  ) async throws(Failure) {
    let settings: Settings
    do throws(SettingsFault) { settings = try keeper.settings(of: record) } catch {
      throw error.failure
    }
    do throws(Failure) {
      _ = try await Workplace(settings, keeper.surroundings, keeper.adapters)
        .proven(allowing: nil)
    } catch {
      throw Failure(
        error.kind, code: error.code,
        text: "Generation \(record.number) fails too (\(error.code)): \(error.text)",
        fix:
          "Nothing was changed. So the change is not the cause. Press e to examine the connection.")
    }
  }
}

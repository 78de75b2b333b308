import BankCore
import BankService
import RealParts

/// The way of many entries into PostgreSQL.
let booksFigures: [Figure] = [
  Figure(
    name: "books-reconciling", title: "reconciling 100,000 waiting entries into PostgreSQL",
    bound: .atLeast(0.4, "× the rate of COPY of the same rows into the same indexed tables"),
    measure: { try await reconcilingFigure(entries: 100_000, accounts: 5_000, rounds: 3) })
]

/// Each round reconciles the same ledger into a fresh copy of the same bank, and then copies the
/// rows that came of it into empty tables of another one.
private func reconcilingFigure(
  entries: Int, accounts: Int, rounds: Int
) async throws -> Measurement {
  // As a bank runs its server: synced, and with the memory that PostgreSQL takes by default.
  let cluster = try await PostgresCluster.start(
    durable: true, settings: ["shared_buffers": "128MB", "max_wal_size": "4GB"])
  do {
    let backlog = try await Backlog(on: cluster, entries: entries, accounts: accounts)
    var details: [String] = []
    let measured = try await paired(rounds) {
      let took = try await backlog.reconcile()
      details.append(took.words)
      return took.whole
    } against: {
      let took = try await backlog.copyTheSameRows()
      details.append("COPY of the same rows: \(decimal(took.seconds)) s")
      return took
    }
    await cluster.destroy()
    // The slower of two takes longer: its rate is the inverse.
    return Measurement(value: 1 / measured.ratio, details: details)
  } catch {
    await cluster.destroy()
    throw error
  }
}

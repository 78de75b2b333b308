import ConnectionString
import Testing

@testable import PostgresStore

@Suite("Where a database is, whatever its address is called")
struct DatabasePlaceTests {
  private static let known = "postgres://teller:•••@127.0.0.1:5433/bank"

  private func mayBe(_ address: String, _ environment: [String: String] = [:]) -> Bool {
    let surroundings = ConnectionSurroundings(environment: environment, home: "/nowhere")
    let one = DatabasePlace.mayBeSame(address, Self.known, surroundings)
    #expect(one == DatabasePlace.mayBeSame(Self.known, address, surroundings), "\(address)")
    return one
  }

  @Test(
    "another role, another name of the server, a list of hosts: the same place",
    arguments: [
      "postgres://teller@127.0.0.1:5433/bank", "postgresql://chief:x@localhost:5433/bank",
      "host=127.0.0.8 port=5433 dbname=bank user=chief",
      "postgres://[::1]:5433/bank?sslmode=disable",
      "host=/var/run/postgresql port=5433 dbname=bank",
      "postgres://192.0.2.1:5433,127.0.0.1:5433/bank",
      "host=db.branch hostaddr=127.0.0.1 port=5433 dbname=bank",
    ])
  func same(_ address: String) { #expect(mayBe(address)) }

  @Test("variables and defaults fill in what an address leaves out")
  func variables() {
    #expect(mayBe("postgres:///bank", ["PGHOST": "localhost", "PGPORT": "5433"]))
    #expect(mayBe("postgres://bank@localhost:5433", [:]), "the database of a role's own name")
    #expect(!mayBe("postgres:///bank", ["PGHOST": "localhost"]))
  }

  @Test(
    "another database, port or machine is another place",
    arguments: [
      "postgres://teller@127.0.0.1:5433/bank2", "postgres://teller@127.0.0.1:5434/bank",
      "postgres://teller@192.0.2.1:5433/bank",
      "postgres://192.0.2.1:5433,127.0.0.1:5434/bank",
    ])
  func different(_ address: String) { #expect(!mayBe(address)) }

  @Test(
    "what nobody can tell rules nothing out",
    arguments: [
      "postgres://teller@no-such-host.invalid:5433/bank", "postgres://127.0.0.1:5433/•••",
    ])
  func unknown(_ address: String) { #expect(mayBe(address)) }
}

import BankCore
import Testing

@testable import BankService
@testable import BankTesting

/// A till whose clock is years ahead: the bank's time decides, by its clock or by what was booked.
@Suite("A till whose clock is wrong")
struct BankTimeTests {
  private struct Unexpected: Error {}

  private static let fourYears: Int64 = 4 * 366 * 86_400_000

  /// A bank that was used today, and a till whose clock then jumps.
  private func jumped(hasClock: Bool, by milliseconds: Int64) async throws -> Town {
    let town = try await Town()
    if hasClock { town.store.clock = town.clock.now() }
    let desk = try await town.desk()
    #expect(await desk.status().clock == nil)
    _ = try await posted(town, desk)
    await desk.close()
    town.clock.advance(byMilliseconds: milliseconds)
    return town
  }

  private func posted(_ town: Town, _ desk: BankDesk) async throws -> BookedTransaction {
    guard case .receipt(let receipt) = await desk.ask(.capture(town.deposit("5.00"))),
      receipt.state == .posted,
      let booked = try await town.store.transaction(receipt.entry.id)?.transaction
    else { throw Unexpected() }
    return booked
  }

  private func open(_ town: Town) async throws -> [ExceptionRecord] {
    try await town.store.exceptions(includingSettled: false, after: nil, limit: 10)
  }

  private func refusal(_ desk: BankDesk, toClose day: BusinessDay) async throws -> Failure {
    guard case .failed(let failure) = await desk.ask(.closePeriod(day)) else { throw Unexpected() }
    return failure
  }

  @Test("Booked on the day of the bank's clock, flagged, an exception with an owner, and said")
  func future() async throws {
    let town = try await jumped(hasClock: true, by: Self.fourYears)
    let today = try #require(town.clock.businessDay(of: town.make.now, timeZone: ""))
    let desk = try await town.desk()
    #expect(await desk.status().clock?.sentence.contains("1464 days ahead") == true)
    let booked = try await posted(town, desk)
    #expect(booked.bookingDate == today && booked.entry.valueDate == today)
    #expect(booked.flags == [.valueDate])
    let exception = try #require(try await open(town).first)
    #expect(exception.entry == booked.entry.id && exception.owner == "ana")

    // No day is over before it is over at the bank.
    for (day, code) in [(today.advanced(byDays: 1_400), "future-day"), (today, "running-day")] {
      let failure = try await refusal(desk, toClose: day)
      #expect(failure.code == code && failure.text.contains("by the bank's clock"), "\(failure)")
    }
    guard case .periodClosed = await desk.ask(.closePeriod(today.advanced(byDays: -1))) else {
      throw Unexpected()
    }
    await desk.close()
  }

  @Test("A clock that is years behind books nothing into the past")
  func past() async throws {
    let town = try await jumped(hasClock: true, by: -Self.fourYears)
    let desk = try await town.desk()
    #expect(await desk.status().clock?.sentence.contains("behind") == true)
    let booked = try await posted(town, desk)
    #expect(booked.bookingDate == town.clock.businessDay(of: town.make.now, timeZone: ""))
    #expect(booked.flags == [.valueDate])
    await desk.close()
  }

  @Test("A difference within the bound is no news, and beyond it it is", arguments: [1_900, 2_100])
  func bound(_ milliseconds: Int64) async throws {
    let town = try await jumped(hasClock: true, by: milliseconds)
    let desk = try await town.desk()
    #expect((await desk.status().clock != nil) == (milliseconds > 2_000))
    await desk.close()
  }

  @Test("Without a clock the newest booked day counts, until a person says that the date is right")
  func noClock() async throws {
    let town = try await jumped(hasClock: false, by: Self.fourYears)
    let later = try #require(town.clock.businessDay(of: town.clock.now(), timeZone: ""))
    let desk = try await town.desk()
    let booked = try await posted(town, desk)
    #expect(booked.flags == [.valueDate] && booked.bookingDate == later)
    // What is doubted proves nothing.
    #expect(try await posted(town, desk).flags == [.valueDate])
    let failure = try await refusal(desk, toClose: later.advanced(byDays: -1))
    #expect(failure.code == "unbooked-day", "\(failure)")

    for exception in try await open(town) {
      _ = await desk.ask(.resolve(exception.entry, .post, note: "the bank was shut for years"))
    }
    await desk.close()
    let next = try await town.desk()
    #expect(try await posted(town, next).flags.isEmpty)
    guard case .periodClosed = await next.ask(.closePeriod(later.advanced(byDays: -1))) else {
      throw Unexpected()
    }
    await next.close()
  }

  @Test("A pause that a bank without a clock may have is not doubted", arguments: [31, 32])
  func pause(_ days: Int64) async throws {
    let town = try await jumped(hasClock: false, by: days * 86_400_000)
    let desk = try await town.desk()
    #expect(try await posted(town, desk).flags.isEmpty == (days == 31))
    await desk.close()
  }
}

extension MixedTask {
  // MARK: Away

  static let away: [MixedTask] = [
    MixedTask(
      "the server stops",
      [.stopServer, .until(Phrases.manualLedger, told: "Manual ledger. ")]),
    recorded("d 1001 12.34 in the outage").books("deposit|1001|1234|posted", [novak: 12_34]),
    recorded("w 1001 100 groceries").books("withdrawal|1001|10000|posted", [novak: -100_00]),
    palette("t 1001 1003 3", Phrases.mayBeRefused, told: "Taken, may still be refused")
      .books("transfer|1001|300|posted", [novak: -3_00, kovar: 3_00]),
    recorded("w 2002 0.125").books("withdrawal|2002|125|posted", [sabah: -125]),
    MixedTask(
      "a deposit for an account of which nothing is known",
      [
        .text(":d 9001 33 found in the box"), .keys("Enter"), .until("Holder", told: "Holder."),
        .text("Mystery Man"), .keys("Enter"), .keys("Enter"), .keys("Enter"), .keys("Enter"),
        .until("NOT VERIFIED", told: "Type post"), .post,
        .until(Phrases.notYetInTheAccount, told: "Recorded, not yet"), .keys("Escape"),
      ]
    ).books("deposit|BANK-SUSPENSE-EUR|3300|suspense"),
    MixedTask(
      "another one",
      [
        .text(":d 9002 44"), .keys("Enter"), .until("Holder", told: "Holder."),
        .text("Mystery Woman"), .keys("Enter"), .keys("Enter"), .keys("Enter"), .keys("Enter"),
        .until("NOT VERIFIED", told: "Type post"), .post,
        .until(Phrases.notYetInTheAccount, told: "Recorded, not yet"), .keys("Escape"),
      ]
    ).books("deposit|BANK-SUSPENSE-EUR|4400|suspense"),
    recorded("d 1003 600 for the car").books("deposit|1003|60000|posted", [kovar: 600_00]),
    MixedTask(
      "more than a till may pay out, allowed by a supervisor",
      [
        .text(":w 1003 550 car"), .keys("Enter"),
        .until("over what may be paid", told: "Type supervisor"), .supervisor,
        .until("Supervisor's name", told: "Supervisor's name"), .text("boris"), .keys("Enter"),
        .until("Allowed by       boris", told: "Type post"), .post,
        .until("till-1/", told: "Till-1 "), .keys("Escape"),
      ]
    ).books("withdrawal|1003|55000|posted", [kovar: -550_00]),
    recorded("d 1002 77.70 mistyped").books(nil),
    MixedTask(
      "what was mistyped is voided",
      [
        .text("4"), .until("Manual ledger", told: "Manual ledger, "), .text("v"),
        .until("─ Void", told: "Note."), .text("typed wrong"), .keys("Enter"),
        .until("y voids it", told: "Press y"), .text("y"), .until("VOIDED", told: "Voided. "),
        .keys("Escape"),
      ]),
    MixedTask(
      "find what waits",
      [.text("/wait"), .until("8 of ", told: "found."), .keys("Enter"), .keys("Escape")]),
    MixedTask(
      "the slip of the entry that waits, on paper again",
      [
        .text("j"), .text("r"), .until("─ Receipt", told: "Receipt, copy"), .text("i"),
        .until("Copy 2 of the slip", told: "Copy 2 of the slip"), .keys("Escape"),
      ]),
    MixedTask(
      "why the bank is away",
      [
        .text("6"), .until("C05", told: "C05"), .text("1"),
        .until("[1 Accounts]", told: "Accounts, 7"),
      ]),
  ]

  // MARK: Back

  static let back: [MixedTask] = [
    MixedTask(
      "the server answers again",
      [.startServer, .until(Phrases.databaseBack, told: "Database back. ")]),
    palette("d 3001 15 while back").books("deposit|3001|1500|posted", [svoboda: 15_00]),
    MixedTask(
      "reconcile what waits",
      [
        .text("5"), .until("[Plan 8]", told: "Plan 8."), .text("s"),
        .until("Reconciled: ", told: "Reconciled: 6 posted, 2 in suspense"),
      ]),
    MixedTask(
      "accept what a supervisor allowed",
      [
        .until("[Exceptions 3]", told: "Exceptions 3."), .text("/550"),
        .until("1 of 3", told: "found."), .keys("Enter"), .keys("Enter"),
        .until("─ Settle", told: "Settle"), .keys("Enter"), .until("Note", told: "Note"),
        .text("seen"), .keys("Enter"), .until("y settles it", told: "Press y"), .text("y"),
        .until("is settled", told: "is settled"), .keys("Escape"),
      ]),
    opening("9001", "Mystery Man"), opening("9002", "Mystery Woman"),
    MixedTask(
      "post both deposits of the box together, with one note",
      [
        .text("5"), .until("[Exceptions 2]", told: "Exceptions 2."), .text("*"),
        .until("2 marked", told: "2 marked"), .keys("Enter"),
        .until("─ Settle 2 exceptions", told: "Settle 2 exceptions"), .keys("Enter"),
        .until("Note", told: "Note"), .text("both have come"), .keys("Enter"),
        .until("y settles", told: "Press y"), .text("y"),
        .until("[Exceptions 0]", told: "settled"),
      ]
    ).books("settlement|9001|3300|posted", ["9001": 33_00])
      .books("settlement|9002|4400|posted", ["9002": 44_00]),
  ]

  // MARK: Closing

  static let closing: [MixedTask] = [
    MixedTask(
      "the journal knows the outage",
      [
        .text("3"), .until("[3 Journal]", told: "Journal"), .text("/in the outage"),
        .until("1 of ", told: "found."), .keys("Enter"), .keys("Escape"),
      ]),
    MixedTask(
      "the account, line by line",
      [
        .text("1"), .until("[1 Accounts]", told: "Accounts, 9"), .keys("g"), .keys("Enter"),
        .until("Account 1001", told: "Account"), .text("1"),
        .until("[1 Accounts]", told: "Accounts, 9"),
      ]),
    MixedTask(
      "the report of the outage",
      [
        .text("7"), .until("till-1-1", told: "till-1-1"), .text("s"),
        .until("Written:", told: "Written:"), .text("1"),
        .until("[1 Accounts]", told: "Accounts, 9"),
      ]),
    MixedTask(
      "close an empty account",
      [
        .text("/4001"), .until("1 of 9", told: "found."), .keys("Enter"), .text("C"),
        .until("y closes it", told: "Press y"), .text("y"),
        .until("Account 4001 is closed", told: "Account 4001 is closed"),
      ]),
  ]
}

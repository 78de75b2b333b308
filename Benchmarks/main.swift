import Glibc

// Measures Daybook's speed table: every figure, or those whose names begin with an argument.
//
// Exit status: 0 all bounds kept, 1 one was missed, 3 something could not be measured, 64 no such
// figure.

let figures =
  ledgerFigures + booksFigures + doctorFigures + filterFigures + consoleFigures
  + consoleFaultFigures

let wanted = CommandLine.arguments.dropFirst()
let chosen = figures.filter { figure in
  wanted.isEmpty || wanted.contains { figure.name.hasPrefix($0) }
}
guard !chosen.isEmpty else {
  print("bench: no figure is called so; there are: \(figures.map(\.name).joined(separator: " "))")
  exit(64)
}

var status: Int32 = 0
for figure in chosen {
  do {
    let measured = try await figure.measure()
    let isKept = figure.bound.isKept(by: measured.value)
    if !isKept { status = max(status, 1) }
    print("\(isKept ? "kept  " : "MISSED") \(figure.name): \(figure.title)")
    print("       \(decimal(measured.value)) \(figure.bound.unit)   (\(figure.bound.words))")
    for detail in measured.details { print("       \(detail)") }
  } catch {
    status = 3
    print("FAILED \(figure.name): \(figure.title)\n       \(error)")
  }
  fflush(nil)
}
exit(status)

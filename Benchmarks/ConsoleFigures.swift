/// What a teller feels: the program itself, through a pseudo-terminal.
let consoleFigures: [Figure] = []

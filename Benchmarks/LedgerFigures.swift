/// The manual ledger alone: how quick a receipt is durable, and how quick a ledger is opened.
let ledgerFigures: [Figure] = []

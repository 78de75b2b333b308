// ManualLedger

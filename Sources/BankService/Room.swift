// BankService

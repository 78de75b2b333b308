/// The way of many entries into PostgreSQL.
let booksFigures: [Figure] = []

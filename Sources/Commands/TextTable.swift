// Columns of text for people, each as wide as its widest cell.

internal import Diagnostics

/// A table with a heading.
struct TextTable {
    private var rows: [[String]]

    init(_ heading: [String]) { rows = [heading] }

    /// Adds a row of as many cells; what may not be printed is escaped.
    mutating func add(_ cells: [String]) { rows.append(cells.map { Escaping.terminal($0) }) }

    /// One line per row; the last column is as long as it is.
    var text: String {
        let columns = rows.first?.count ?? 0
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                column == columns - 1
                    ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }
}

# Medians over the rounds, and their ratios to no listener and to the minimal listener.
# Input: kind, p50 p90 p99 static, p50 p90 p99 dynamic, throughput, CPU ns per exec, RSS in KiB.

function median(kind, column, n, i, j, swap, list) {
    n = seen[kind]
    for (i = 1; i <= n; i++) list[i] = value[kind, i, column]
    for (i = 1; i <= n; i++)
        for (j = i + 1; j <= n; j++)
            if (list[j] < list[i]) { swap = list[i]; list[i] = list[j]; list[j] = swap }
    return n % 2 ? list[(n + 1) / 2] : (list[n / 2] + list[n / 2 + 1]) / 2
}

# 0 if the base was not measured.
function ratio(kind, base, column) {
    return base in seen ? median(kind, column) / median(base, column) : 0
}

function times(kind, base, column) {
    return base in seen ? sprintf("%.3fx", ratio(kind, base, column)) : "-"
}

function least(kind, column, i, result) {
    result = value[kind, 1, column]
    for (i = 2; i <= seen[kind]; i++)
        if (value[kind, i, column] < result) result = value[kind, i, column]
    return result
}

{
    if (!($1 in seen)) order[++kinds] = $1
    seen[$1]++
    for (c = 2; c <= NF; c++) value[$1, seen[$1], c] = $c + 0
}

function json_line(name, separator) {
    printf "%s{\"listener\":\"%s\",", separator, name
    printf "\"static_us\":[%.1f,%.1f,%.1f],", median(name, 2), median(name, 3), median(name, 4)
    printf "\"dynamic_us\":[%.1f,%.1f,%.1f],", median(name, 5), median(name, 6), median(name, 7)
    printf "\"per_second\":%.0f,", median(name, 8)
    printf "\"cpu_us_per_exec\":%.1f,\"rss_kib\":%d,", median(name, 9) / 1000, median(name, 10)
    printf "\"static_to_none\":%.3f,\"dynamic_to_none\":%.3f,", ratio(name, "none", 2), ratio(name, "none", 5)
    printf "\"static_to_allow\":%.3f,\"dynamic_to_allow\":%.3f,", ratio(name, "allow", 2), ratio(name, "allow", 5)
    printf "\"static_to_read\":%.3f,\"dynamic_to_read\":%.3f,", ratio(name, "read", 2), ratio(name, "read", 5)
    printf "\"least_us\":[%.1f,%.1f]}", least(name, 2), least(name, 5)
}

function json_report(k) {
    printf "{\"kernel\":\"%s\",\"cores\":%d,\"load_average\":\"%s\",", kernel, cores, load_average
    printf "\"rounds\":%d,\"count\":%d,\"results\":[", rounds, count
    for (k = 1; k <= kinds; k++) json_line(order[k], k > 1 ? "," : "")
    print "]}"
}

function latency_table(title, first, k, name) {
    printf "%-12s %9s %9s %9s %9s %10s %10s %10s\n", title, "p50 us", "p90 us", "p99 us", "least p50", "p50/none", "p50/allow", "p50/read"
    for (k = 1; k <= kinds; k++) {
        name = order[k]
        printf "  %-10s %9.1f %9.1f %9.1f ", name, median(name, first), median(name, first + 1), median(name, first + 2)
        printf "%9.1f %10s %10s %10s\n", least(name, first), times(name, "none", first), times(name, "allow", first), times(name, "read", first)
    }
    print ""
}

function throughput_table(k, name) {
    printf "%-12s %9s %9s %9s %10s\n", "8 at a time", "per s", "/none", "CPU us", "RSS KiB"
    for (k = 1; k <= kinds; k++) {
        name = order[k]
        printf "  %-10s %9.0f %8.3fx ", name, median(name, 8), ratio(name, "none", 8)
        printf "%9.1f %10d\n", median(name, 9) / 1000, median(name, 10)
    }
    print "\nCPU us: time of the listener on a processor per program started."
}

END {
    if (json) {
        json_report()
    } else {
        printf "Linux %s, %d cores, load average before: %s; ", kernel, cores, load_average
        printf "%d rounds of %d, medians\n\n", rounds, count
        latency_table("static", 2)
        latency_table("dynamic", 5)
        throughput_table()
    }
}

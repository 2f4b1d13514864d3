# Takes the commands of README.md apart: for each fenced block with a comment above it that says who
# tests it (<!-- tested by: WHO -->) a file DIRECTORY/NN-WHO.sh, and for each <!-- file: NAME --> a file
# DIRECTORY/NAME. A block of commands without such a comment is an error.
#
#   awk -v directory=DIRECTORY -f readme-blocks.awk README.md
/^<!-- tested by: .* -->$/ { who = substr($0, 17, length($0) - 20); gsub(/, /, "-", who); next }
/^<!-- file: .* -->$/ { name = $3; next }
/^```/ && !inside {
    inside = 1
    target = ""
    if ($0 == "```sh") {
        if (who == "") { print "README.md:" NR ": nobody tests this block" > "/dev/stderr"; failed = 1 }
        target = sprintf("%s/%02d-%s.sh", directory, ++count, who)
    } else if (name != "") {
        target = directory "/" name
    } else if ($0 == "```") {
        print "README.md:" NR ": what is this block? (sh, yaml)" > "/dev/stderr"
        failed = 1
    }
    who = name = ""
    next
}
/^```$/ { inside = 0; if (target != "") close(target); next }
inside && target != "" { print > target }
END { exit failed }

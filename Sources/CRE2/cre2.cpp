#include "CRE2.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <re2/filtered_re2.h>
#include <re2/re2.h>

struct cre2_regex {
    RE2 expression;
};

struct cre2_atoms {
    std::vector<std::string> strings;
};

static RE2::Options options_with(int64_t max_memory) {
    RE2::Options options(RE2::Latin1);
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(max_memory);
    return options;
}

cre2_regex *cre2_compile(const char *pattern, size_t length, int64_t max_memory, char *error,
                         size_t error_size) {
    try {
        std::unique_ptr<cre2_regex> regex(
            new cre2_regex{{re2::StringPiece(pattern, length), options_with(max_memory)}});
        if (regex->expression.ok())
            return regex.release();
        std::snprintf(error, error_size, "%s", regex->expression.error().c_str());
    } catch (...) {
        std::snprintf(error, error_size, "out of memory");
    }
    return nullptr;
}

void cre2_free(cre2_regex *regex) { delete regex; }

size_t cre2_instructions(const cre2_regex *regex) {
    return (size_t)std::max(0, regex->expression.ProgramSize());
}

bool cre2_matches(const cre2_regex *regex, const char *text, size_t length) {
    try {
        return RE2::PartialMatch(re2::StringPiece(text, length), regex->expression);
    } catch (...) {
        return false;
    }
}

cre2_atoms *cre2_required_atoms(const char *pattern, size_t length, int64_t max_memory,
                                int minimum_length) {
    try {
        re2::FilteredRE2 filter(minimum_length);
        int id = 0;
        if (filter.Add(re2::StringPiece(pattern, length), options_with(max_memory), &id) !=
            RE2::NoError)
            return nullptr;
        std::unique_ptr<cre2_atoms> atoms(new cre2_atoms);
        filter.Compile(&atoms->strings);
        // What passes the filter without any string needs none. (Asking a filter without
        // strings would log a complaint.)
        if (atoms->strings.empty())
            return nullptr;
        std::vector<int> potentials;
        filter.AllPotentials({}, &potentials);
        if (std::find(potentials.begin(), potentials.end(), id) != potentials.end())
            return nullptr;
        return atoms.release();
    } catch (...) {
        return nullptr;
    }
}

void cre2_atoms_free(cre2_atoms *atoms) { delete atoms; }

size_t cre2_atoms_count(const cre2_atoms *atoms) { return atoms->strings.size(); }

const char *cre2_atoms_get(const cre2_atoms *atoms, size_t index, size_t *length) {
    const std::string &string = atoms->strings[index];
    *length = string.size();
    return string.data();
}

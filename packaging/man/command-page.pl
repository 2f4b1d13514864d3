#!/usr/bin/perl
# Makes minewarden(1) from the description that the program gives of itself
# (minewarden --experimental-dump-help, on standard input).
#
#   command-page.pl DATE
use strict;
use warnings;
use JSON::PP;

my ($date) = @ARGV;
my $tool = decode_json(do { local $/; <STDIN> });
binmode STDOUT, ':encoding(UTF-8)';

# Text as roff shows it literally.
sub escape {
    my ($text) = @_;
    $text =~ s/\\/\\e/g;
    $text =~ s/-/\\-/g;
    $text =~ s/^([.'])/\\&$1/mg;
    return $text;
}

# Paragraphs; indented lines stay as they are, and so does a block after a line with a colon.
sub prose {
    my ($text) = @_;
    my $shown = '';
    for my $paragraph (split /\n{2,}/, $text) {
        my ($head, @lines) = split /\n/, $paragraph;
        if ($head =~ /^\s/) { unshift @lines, $head; $head = undef }
        my @block = @lines && $lines[0] =~ /^\s/ ? @lines : ();
        $shown .= ".PP\n";
        $shown .= escape($head) . "\n" if defined $head;
        if (@block) {
            $shown .= ".RS 4\n.EX\n" . join('', map { s/^  //r } map { escape("$_\n") } @block) . ".EE\n.RE\n";
        } else {
            $shown .= escape("$_\n") for @lines;
        }
    }
    return $shown;
}

sub name {
    my ($name) = @_;
    return ($name->{kind} eq 'long' ? '--' : '-') . $name->{name};
}

# How one argument is written.
sub written {
    my ($argument) = @_;
    my $value = '\fI' . escape($argument->{valueName} // '') . '\fR';
    return $value . ($argument->{isRepeating} ? ' ...' : '') if $argument->{kind} eq 'positional';
    my $names = join ', ', map { '\fB' . escape(name($_)) . '\fR' } @{$argument->{names}};
    return $argument->{kind} eq 'option' ? "$names $value" : $names;
}

sub synopsis {
    my ($argument) = @_;
    my $text = $argument->{kind} eq 'positional'
        ? written($argument)
        : '\fB' . escape(name($argument->{preferredName})) . '\fR'
            . ($argument->{kind} eq 'option' ? ' \fI' . escape($argument->{valueName}) . '\fR' : '');
    $text = "[$text]" if $argument->{isOptional};
    return $text;
}

sub shown { grep { $_->{shouldDisplay} } @{$_[0]->{arguments} // []} }

sub command {
    my ($command, @parents) = @_;
    my @children = grep { $_->{commandName} ne 'help' && $_->{shouldDisplay} } @{$command->{subcommands} // []};
    my $title = join ' ', @parents, $command->{commandName};
    my $page = '';
    if (@parents) {
        $page .= ".SS \"$title\"\n.PP\n" . escape($command->{abstract}) . "\n";
        if (!@children) {
            my @own = grep { ($_->{valueName} // '') !~ /^(help|version)$/ } shown($command);
            $page .= ".PP\n\\fB$title\\fR " . join(' ', map { synopsis($_) } @own) . "\n";
            for my $argument (@own) {
                $page .= ".TP\n" . written($argument) . "\n" . escape($argument->{abstract} // '');
                $page .= " (default: " . escape($argument->{defaultValue}) . ")"
                    if defined $argument->{defaultValue} && $argument->{defaultValue} ne '';
                $page .= "\n";
            }
        }
        $page .= prose($command->{discussion}) if $command->{discussion};
    }
    return $page . join '', map { command($_, @parents, $command->{commandName}) } @children;
}

my $root = $tool->{command};
my $abstract = escape($root->{abstract});
print <<"PAGE" . prose($root->{discussion} // '') . ".SH COMMANDS\n" . command($root) . <<'END';
.\\" Made from the command definitions; not to be edited.
.TH MINEWARDEN 1 "$date" "minewarden" "User Commands"
.SH NAME
minewarden \\- rules against crypto\\-miners on this host
.SH SYNOPSIS
\\fBminewarden\\fR \\fICOMMAND\\fR [\\fIARGUMENT\\fR ...]
.PP
\\fBminewarden \\-\\-help\\fR | \\fB\\-\\-version\\fR | \\fBhelp\\fR [\\fICOMMAND\\fR]
.SH DESCRIPTION
.PP
$abstract
PAGE
.SH SEE ALSO
.BR minewarden\-rules (5),
.BR minewarden.yaml (5),
.BR protection.yaml (5),
.BR minewardend (8),
.BR journalctl (1)
END

#include <fmt/format.h>

#include "service/cli/command_words.hpp"
#include "service/cli/completion.hpp"
#include "service/version.hpp"

namespace hashprice::service::cli {
namespace {

constexpr std::string_view kDescription = R"(.SH DESCRIPTION
.B hashprice
records what one petahash per second of Bitcoin mining earns in a day, keeps its history,
and says whether it declines, since when and why.
The daemon is
.BR "hashprice serve" ;
every other command reads the same database, or fills it.
.PP
Times are RFC 3339, a date, unix seconds,
.B now
or relative
.RB ( \-30d ).
Ranges include their start and not their end. Data go to standard output, everything else to
standard error.
)";

constexpr std::string_view kEnd = R"(.SH EXIT STATUS
.TP
.B 0
done
.TP
.B 1
failed
.TP
.B 2
usage or configuration is wrong
.TP
.B 3
done in part; what is missing is listed
.TP
.B 4
with
.BR "trend --exit-code" :
a decline is active
.TP
.B 5
another process holds the lock
.SH ENVIRONMENT
.TP
.B HASHPRICE_CONFIG
the settings file
.TP
.BI HASHPRICE_ SECTION _ KEY
one setting, over what the file says:
.BR HASHPRICE_HTTP_LISTEN .
A secret may stand here:
.BR HASHPRICE_HTTP_TOKEN .
.TP
.B STATE_DIRECTORY
where the database is kept when no setting says so; systemd sets it
.TP
.B NO_COLOR
no colours on a terminal
.SH FILES
.TP
.I /etc/hashprice/hashprice.toml
the settings of the machine; every key stands there with its default
.TP
.I /var/lib/hashprice/hashprice.db
the database of the packaged service
.SH SIGNALS
.TP
.B SIGHUP
.B serve
reads its settings again; wrong ones are refused and the old ones stay
.TP
.BR SIGTERM ", " SIGINT
.B serve
ends
.SH EXAMPLES
.nf
hashprice latest
hashprice query \-\-from \-30d \-\-step 1d
hashprice explain 2025\-11\-15
hashprice backup /var/backups/hashprice.db
.fi
)";

/// Text as troff takes it: nothing of it is a request or an escape.
std::string troff(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
    }
    if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
    return out;
}

std::string name_and_value(const Option& option) {
    if (is_operand(option)) return fmt::format("\\fI{}\\fR", troff(option.value));
    if (!takes_value(option)) return fmt::format("\\fB{}\\fR", troff(option.name));
    return fmt::format("\\fB{}\\fR \\fI{}\\fR", troff(option.name), troff(option.value));
}

std::string synopsis_of(const Command& command) {
    std::string line = fmt::format("\\fB{}\\fR", troff(command.name));
    for (const Option& option : command.options) {
        const std::string part = name_and_value(option);
        line += option.required ? " " + part : fmt::format(" [{}]", part);
        if (option.many) line += "...";
    }
    return line;
}

std::string option_entry(const Option& option) {
    std::string text = fmt::format(".TP\n{}\n{}", name_and_value(option), troff(option.help));
    for (std::size_t n = 0; n < option.choices.size(); ++n)
        text += fmt::format("{}{}", n == 0 ? ". One of: " : ", ", troff(option.choices[n]));
    return text + "\n";
}

std::string command_section(const Command& command) {
    std::string text = fmt::format(".SS {}\n{}\n", synopsis_of(command), troff(command.help));
    for (const Option& option : command.options) text += option_entry(option);
    return text;
}

}  // namespace

std::string manual_page(const std::vector<Command>& commands) {
    std::string text = fmt::format(
        ".TH HASHPRICE 1 \"\" \"hashprice {}\" \"User Commands\"\n"
        ".SH NAME\nhashprice \\- history of the Bitcoin hash price, its declines and what miners "
        "earn\n.SH SYNOPSIS\n.B hashprice\n[\\fIGLOBAL OPTION\\fR]... \\fICOMMAND\\fR "
        "[\\fIOPTION\\fR]...\n",
        kVersion);
    text += kDescription;
    text += ".SH GLOBAL OPTIONS\n";
    for (const Option& option : global_options()) text += option_entry(option);
    text += ".SH COMMANDS\n";
    for (const Command& command : commands) text += command_section(command);
    return text + std::string(kEnd);
}

}  // namespace hashprice::service::cli

#!/usr/bin/env bash
# completions_test.sh BINARY: the completion scripts are good in their shells, and complete.
set -euo pipefail
hashprice=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

for shell in bash zsh fish; do
    "$hashprice" completion $shell >"$folder/$shell"
    # zsh and fish are looked at where they are installed
    command -v $shell >/dev/null || continue
    $shell -n "$folder/$shell"
done

set +e  # an interactive shell has none
# shellcheck disable=SC1091
. "$folder/bash"
completes() {  # "WORDS TYPED SO FAR" EXPECTED...: each of them is offered
    local line=$1 word
    shift
    read -ra COMP_WORDS <<<"$line"
    [ "${line: -1}" != ' ' ] || COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    COMPREPLY=()
    _hashprice
    for word in "$@"; do
        # no pipe: `grep -q` closes it at the first find, and pipefail calls that a failure
        if ! grep -qxF -- "$word" <<<"$(printf '%s\n' "${COMPREPLY[@]}")"; then
            echo "'$line' does not offer $word, but: ${COMPREPLY[*]}" >&2
            failures=$((failures + 1))
        fi
    done
}

touch "$folder/file.csv"
cd "$folder"
completes 'hashprice ' serve latest query backup config completion --db
completes 'hashprice que' query
completes 'hashprice config ' show check
completes 'hashprice config show --' --json --config
completes 'hashprice query --' --from --to --step --db
completes 'hashprice query --format ' table csv json
completes 'hashprice --db file.csv query --st' --step
completes 'hashprice --log-level ' trace debug info warn error
completes 'hashprice import f' file.csv
completes 'hashprice completion ' bash zsh fish

fish_offers() {  # LINE WORD
    local offered
    offered=$(fish -c "source $folder/fish; complete -C '$1'" 2>/dev/null)
    if ! grep -q "^$2" <<<"$offered"; then
        echo "fish: '$1' does not offer $2, but: $offered" >&2
        failures=$((failures + 1))
    fi
}

if command -v fish >/dev/null; then
    fish_offers 'hashprice que' query
    fish_offers 'hashprice query --format ' csv
fi
exit $((failures > 0))


# `cargo lab …` for the function above, the rest for whatever completed `cargo` before.
_causette_cargo() {
    local at=1
    [[ ${COMP_WORDS[1]} == +* ]] && at=2
    if [[ ${COMP_WORDS[at]} == lab ]] && ((COMP_CWORD > at)); then
        COMP_WORDS=(cargo_lab "${COMP_WORDS[@]:at+1}")
        COMP_CWORD=$((COMP_CWORD - at))
        _cargo_lab cargo_lab "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
    elif [[ -n $_causette_before ]]; then
        "$_causette_before" "$@"
    fi
}

# bash-completion loads what it has at the first TAB: for `cargo`, that's now.
if declare -F _comp_load >/dev/null; then
    _comp_load cargo 2>/dev/null
elif declare -F __load_completion >/dev/null; then
    __load_completion cargo 2>/dev/null
fi
_causette_found=$(complete -p cargo 2>/dev/null)
if [[ $_causette_found == *" -F "* && $_causette_found != *_causette_cargo* ]]; then
    _causette_before=${_causette_found#* -F }
    _causette_before=${_causette_before%% *}
fi
unset _causette_found
complete -F _causette_cargo -o bashdefault -o default cargo

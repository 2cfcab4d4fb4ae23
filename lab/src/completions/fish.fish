complete -c cargo-lab -n '__fish_cargo_lab_using_subcommand completions' -f -a 'bash zsh fish'

# `cargo lab …` is completed as `cargo-lab …` is.
function __causette_cargo
    set -l words (commandline -cp | string replace -r '^\s*cargo(\s+\+\S+)?\s+lab' 'cargo-lab')
    complete -C "$words"
end
complete -c cargo -n '__fish_seen_subcommand_from lab' -f -a '(__causette_cargo)'

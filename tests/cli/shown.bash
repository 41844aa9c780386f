# shown.bash: compare what documentation shows with what programs say.

# assert_shown SHOWN SAID: SAID must be SHOWN, in which "..." stands for any
# text.
assert_shown()
{
	local pattern

	pattern=$(printf '%s\n' "$1" | sed 's/[][\\.*^$+?(){}|]/\\&/g
		s/\\\.\\\.\\\./.*/g')
	if ! [[ $2 =~ ^$pattern$ ]]; then
		printf 'shown:\n%s\nsaid:\n%s\n' "$1" "$2"
		return 1
	fi
}

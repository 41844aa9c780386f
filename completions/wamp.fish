# wamp.fish: fish completion of wampd and its tools.
#
# The programs know themselves what completes a word (--complete WORD...),
# also the topics, procedures, routes and sessions of the broker that the
# command line names; without one there are none.

# The word at the cursor, without quotes, of which the last may be missing.
function __wamp_current
	set -l word (commandline -ct)

	for end in '' \' \"
		string unescape -- $word$end; and return
	end
end

function __wamp
	set -l words (commandline -opc)
	set -l current (__wamp_current)
	set -l answer ($words[1] --complete $words[2..] "$current" 2>/dev/null)
	set -l head (string split \t -- $answer[1])
	set -l prefix $head[2]
	set -l typed (string sub -s (math (string length -- "$prefix") + 1) \
		-- "$current")

	switch "$head[1]"
		case files
			set answer '' (__fish_complete_path "$typed")
		case commands
			set answer '' (complete -C "$typed")
	end
	test (count $answer) -lt 2; or printf '%s\n' "$prefix"$answer[2..]
end

for program in wampd wamp-pub wamp-sub wamp-call wamp-routes wamp-maint \
	wamp-bench wamp-ticket wamp-top wamp-check
	# Installed under each name, this may not be the first time.
	complete -c $program -e
	complete -c $program -f -a '(__wamp)'
end

# wamp.fish: fish completion of wampd and its tools.
#
# Options come from the program itself (--complete), topics, procedures
# and routes from the broker that the command line names; without one there
# are none.

# __wamp_ask PROCEDURE MEMBER: that string member of each object in its list.
function __wamp_ask
	set -l target
	set -l tokens (commandline -opc)

	for i in (seq (count $tokens))
		switch $tokens[$i]
			case -S --control -u --url
				set target $tokens[$i] $tokens[(math $i + 1)]
			case '--control=*' '--url=*'
				set target $tokens[$i]
		end
	end
	wamp-call -q -w 0.5 $target $argv[1] 2>/dev/null |
		string match -ar "\"$argv[2]\":\"[^\"\\\\]*\"" |
		string split -f 4 '"'
end

# __wamp_value KIND WORDS: the arguments of complete for such a value.
function __wamp_value
	switch $argv[1]
		case flag none
			printf '%s\n' -f
		case file
			printf '%s\n' -F
		case topic
			printf '%s\n' -f -a '(__wamp_ask wampd.topics topic)'
		case procedure
			printf '%s\n' -f -a '(__wamp_ask wampd.help procedure)'
		case route
			printf '%s\n' -f -a '(__wamp_ask wampd.routes route)'
		case words
			printf '%s\n' -f -a "$argv[2]"
	end
end

function __wamp_register --argument-names program
	$program --complete 2>/dev/null |
	while read -d \t long short kind words help
		if string match -q "operand*" -- $long
			complete -c $program (__wamp_value $kind $words)
			continue
		end
		set -l row -d $help (__wamp_value $kind $words)
		test $kind = flag; or set -a row -r
		test $long = --; or set -a row -l (string sub -s 3 -- $long)
		test $short = -; or set -a row -s (string sub -s 2 -- $short)
		complete -c $program $row
	end
end

for program in wampd wamp-pub wamp-sub wamp-call wamp-routes wamp-maint wamp-bench
	command -q $program; and __wamp_register $program
end

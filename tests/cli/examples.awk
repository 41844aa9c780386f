# examples.awk: the examples of a manual page (mdoc) as files.
#
#	awk -f examples.awk PAGE
#
# Lines of a display, or .Dl lines that follow each other, are one example.
# Its commands, which begin with "$ ", or with blanks where they go on, become
# example.N.sh; the other lines, what the commands print or a file that is
# shown, example.N.text.

/^\.Sh/ {
	inside = $2 == "EXAMPLES"
}

!inside {
	next
}

/^\.Bd/ {
	display = 1
	n++
	next
}

/^\.Ed/ {
	display = 0
	next
}

!display && !/^\.Dl/ {
	listed = 0
	next
}

{
	if (!display && !listed++)
		n++
	sub(/^\.Dl /, "")
	gsub(/\\\(dq/, "\"")
	gsub(/\\&/, "")
	gsub(/\\e/, "\\")
}

/^\$ / {
	script[n] = 1
	print substr($0, 3) >("example." n ".sh")
	next
}

/^[ \t]/ && script[n] {
	print >("example." n ".sh")
	next
}

{
	print >("example." n ".text")
}

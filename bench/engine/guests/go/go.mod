module dunlin.dev/bench/guest

go 1.24

module dunlin.dev/guests/cli

go 1.21

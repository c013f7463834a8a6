module peer-schema

go 1.26

require github.com/replicate/cog v0.22.0

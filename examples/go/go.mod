module casewire.io/casewire

go 1.19

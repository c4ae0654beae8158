using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Casewire.Tests")]

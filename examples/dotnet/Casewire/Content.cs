using System;
using System.IO;

namespace Casewire
{
    /// <summary>Content that the host had named by a token: an attachment, or a case that was handed over by reference.</summary>
    public sealed class Content
    {
        private readonly Func<Stream> open;

        /// <summary>Makes content of a length in bytes, which may be opened more than once.</summary>
        public Content(long size, Func<Stream> open)
        {
            Size = size;
            this.open = open;
        }

        /// <summary>Its length in bytes.</summary>
        public long Size { get; }

        /// <summary>Opens it from its beginning.</summary>
        public Stream Open()
        {
            return open();
        }

        /// <summary>Content that lies in memory.</summary>
        public static Content Of(byte[] bytes)
        {
            return new Content(bytes.Length, () => new MemoryStream(bytes, false));
        }

        /// <summary>Content that lies in a file.</summary>
        public static Content OfFile(string path)
        {
            return new Content(new FileInfo(path).Length, () => File.OpenRead(path));
        }
    }

    /// <summary>Where the files of cases lie. Bytes of a file never enter casewire.</summary>
    public interface IAttachments
    {
        /// <summary>Gives the content that a token names, or throws where there is none any more.</summary>
        Content Open(string token);

        /// <summary>
        /// Stores a file from ConnectWise under a name of letters, digits, -, _, . and /; it is durable when this returns.
        /// </summary>
        void Store(string name, Stream content);
    }
}

using Microsoft.Win32.SafeHandles;

namespace Casewire
{
    /// <summary>A casewire_connector. It is freed when no call with it is under way any more.</summary>
    internal sealed class ConnectorHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        private ConnectorHandle() : base(true)
        {
        }

        /// <inheritdoc/>
        protected override bool ReleaseHandle()
        {
            Native.casewire_connector_free(handle);
            return true;
        }
    }

    /// <summary>A casewire_step.</summary>
    internal sealed class StepHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        private StepHandle() : base(true)
        {
        }

        /// <inheritdoc/>
        protected override bool ReleaseHandle()
        {
            Native.casewire_step_free(handle);
            return true;
        }
    }

    /// <summary>A casewire_answer.</summary>
    internal sealed class AnswerHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        private AnswerHandle() : base(true)
        {
        }

        /// <inheritdoc/>
        protected override bool ReleaseHandle()
        {
            Native.casewire_answer_free(handle);
            return true;
        }
    }
}
